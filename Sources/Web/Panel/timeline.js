// The timeline: what the user does to the film that is being put together.

/** @import { Caption, Clip, Draft } from "./timeline-model.js" */
/** @import { Job } from "./types.js" */
import * as api from "./api.js";
import * as say from "./describe.js";
import { find, setText } from "./el.js";
import { clock, count } from "./format.js";
import { recall, remember } from "./keep.js";
import * as model from "./timeline-model.js";
import { Tracks } from "./timeline-tracks.js";
import { complain, toast } from "./toast.js";

/**
 * @typedef {object} Surroundings
 * @property {(id: string) => Job | undefined} job
 * @property {(job: Job, at: number) => void} show a moment of a film, in the player
 * @property {(job: Job) => void} submitted an export was queued
 */

export class Timeline {
    #history = new model.History(recall("draft") ?? model.emptyDraft());
    #around;
    #tracks;
    #at = 0;
    /** @type {string | null} */
    selected = null;

    /** @param {Surroundings} around */
    constructor(around) {
        this.#around = around;
        this.#tracks = new Tracks(this);
        const title = /** @type {HTMLInputElement} */ (find("#tl-title"));
        title.oninput = () => this.change({ ...this.draft, title: title.value }, "title");
        find("#tl-undo").onclick = () => this.undo();
        find("#tl-redo").onclick = () => this.redo();
        find("#tl-split").onclick = () => this.change(model.split(this.draft, this.#at));
        find("#tl-caption").onclick = () => this.addCaption();
        find("#tl-music").onclick = () => find("#sounds").click();
        find("#tl-export").onclick = () => this.export();
        find("#tl-clear").onclick = () => this.clear();
        const [fade, size] = [
            /** @type {HTMLSelectElement} */ (find("#tl-fade")),
            /** @type {HTMLSelectElement} */ (find("#tl-size")),
        ];
        fade.onchange = () => this.change(model.faded(this.draft, Number(fade.value)));
        size.onchange = () => this.change({ ...this.draft, size: size.value });
        find("#timeline").addEventListener("keydown", (event) => this.#key(event));
        this.#show();
    }

    get draft() {
        return this.#history.draft;
    }

    /** The moment of the film that is looked at, in seconds. */
    get at() {
        return this.#at;
    }

    /** The picture for a clip. @param {Clip} clip */
    picture(clip) {
        const job = this.#jobOf(clip.source);
        return job ? say.pictureURL(job) : null;
    }

    /** @param {string} source */
    #jobOf(source) {
        const id = source.match(/^job:([^/]+)/)?.[1];
        return id ? this.#around.job(id) : undefined;
    }

    /** @param {Draft} draft @param {string} [label] */
    change(draft, label) {
        this.#history.change(draft, label);
        this.#show();
    }

    undo() {
        this.#history.undo();
        this.#show();
    }

    redo() {
        this.#history.redo();
        this.#show();
    }

    clear() {
        this.change(model.emptyDraft());
        toast("The timeline is empty.", { label: "Undo", act: () => this.undo() });
    }

    /** @param {Job[]} jobs @param {number} [index] */
    append(jobs, index) {
        const clips = jobs.filter(say.isFilm).flatMap((job) => {
            const film = say.mainArtifact(job);
            return film?.duration ? [model.clipOfJob(job, film.name, film.duration, shortName(job))] : [];
        });
        if (clips.length === 0) return toast("There is no film yet to put on the timeline.");
        this.change(model.added(this.draft, clips, index));
        this.selected = this.draft.clips.at(index === undefined ? -1 : index)?.id ?? null;
        this.#show();
        toast(`${count(clips.length, "clip")} added.`, { label: "Undo", act: () => this.undo(), seconds: 3 });
    }

    /** A film from outside. @param {string} url @param {string} name @param {number} length in seconds */
    appendUpload(url, name, length) {
        this.change(
            model.added(this.draft, [{ source: url, name: name.replace(/\.\w+$/, ""), length, start: 0, end: length }]),
        );
    }

    /** @param {string} url @param {string} name */
    setMusic(url, name) {
        this.change({ ...this.draft, music: { source: url, name, volume: 0.8 } });
    }

    /** Opens what an export was made from. @param {Job} job with its parameters */
    restore(job) {
        const draft = model.draftOf(job.params ?? {}, (source) => {
            const known = this.#jobOf(source);
            return known ? { name: shortName(known), length: say.lengthOf(known) ?? 5 } : null;
        });
        this.change({ ...draft, title: recall(`title.${job.job_id}`) ?? "Film" });
        toast("The timeline is as it was for this export.", { label: "Undo", act: () => this.undo() });
    }

    /** Looks at a moment of the film. @param {number} at */
    seek(at) {
        this.#at = Math.min(Math.max(at, 0), model.totalLength(this.draft));
        const place = model.clipAt(this.draft, this.#at);
        const job = place && this.#jobOf(place.clip.source);
        if (place && job) this.#around.show(job, place.clip.start + this.#at - place.at);
        this.#tracks.showHead();
    }

    /** @param {string | null} id */
    select(id) {
        this.selected = id;
        this.#tracks.show();
    }

    addCaption() {
        if (this.draft.clips.length === 0) return toast("Put a clip on the timeline first.");
        const { draft, caption } = model.captioned(this.draft, this.#at);
        this.change(draft);
        this.selected = caption.id;
        this.#tracks.show();
        this.#tracks.editCaption(caption.id);
    }

    /** @param {string} id @param {Partial<Caption>} change @param {string} [label] */
    recaption(id, change, label) {
        this.change(model.recaptioned(this.draft, id, change), label);
    }

    /** @param {string} id @param {number} by */
    move(id, by) {
        const index = this.draft.clips.findIndex((clip) => clip.id === id);
        this.change(model.moved(this.draft, id, index + by));
        this.#tracks.focus(id);
    }

    /** @param {string} id */
    remove(id) {
        const index = this.draft.clips.findIndex((clip) => clip.id === id);
        this.change(model.removed(this.draft, id));
        const next = this.draft.clips[Math.min(index, this.draft.clips.length - 1)];
        if (next && index >= 0) this.#tracks.focus(next.id);
    }

    /** Trims the chosen clip to the moment that is looked at. @param {"start" | "end"} edge */
    trimHere(edge) {
        const place = model.placed(this.draft).find(({ clip }) => clip.id === this.selected) ??
            model.clipAt(this.draft, this.#at);
        if (!place) return;
        const inSource = place.clip.start + this.#at - place.at;
        if (inSource <= place.clip.start || inSource >= place.clip.end) return;
        this.change(model.trimmed(this.draft, place.clip.id, { [edge]: inSource }));
    }

    async export() {
        if (this.draft.clips.length === 0) return toast("Put a clip on the timeline first.");
        const button = /** @type {HTMLButtonElement} */ (find("#tl-export"));
        button.disabled = true;
        try {
            const { job_id } = await api.submit(model.exportOf(this.draft), api.freshKey());
            remember(`title.${job_id}`, this.draft.title);
            toast("The export is queued.", { seconds: 3 });
            this.#around.submitted(await api.getJob(job_id));
        } catch (error) {
            complain(error);
        } finally {
            button.disabled = false;
        }
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
        const id = this.selected;
        const isClip = this.draft.clips.some((clip) => clip.id === id);
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
            if (event.shiftKey) this.redo();
            else this.undo();
        } else if (event.altKey && id && isClip && event.key === "ArrowLeft") this.move(id, -1);
        else if (event.altKey && id && isClip && event.key === "ArrowRight") this.move(id, 1);
        else if (event.altKey || event.ctrlKey || event.metaKey) return;
        else if (event.key === "[") this.trimHere("start");
        else if (event.key === "]") this.trimHere("end");
        else if ((event.key === "Delete" || event.key === "Backspace") && id) this.remove(id);
        else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
            this.seek(this.#at + (event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? 1 : 0.1));
        } else return;
        event.preventDefault();
        event.stopPropagation();
    }

    #show() {
        const { draft } = this;
        remember("draft", draft);
        const total = model.totalLength(draft);
        this.#at = Math.min(this.#at, total);
        find("#timeline").classList.toggle("empty", draft.clips.length === 0);
        const title = /** @type {HTMLInputElement} */ (find("#tl-title"));
        if (title.value !== draft.title) title.value = draft.title;
        setText(
            find("#tl-length"),
            draft.clips.length ? `${count(draft.clips.length, "clip")} · ${clock(total)}` : "no clips yet",
        );
        /** @type {HTMLButtonElement} */ (find("#tl-undo")).disabled = !this.#history.canUndo;
        /** @type {HTMLButtonElement} */ (find("#tl-redo")).disabled = !this.#history.canRedo;
        /** @type {HTMLButtonElement} */ (find("#tl-export")).disabled = draft.clips.length === 0;
        /** @type {HTMLSelectElement} */ (find("#tl-fade")).value = String(draft.fade);
        /** @type {HTMLSelectElement} */ (find("#tl-size")).value = draft.size;
        this.#tracks.show();
    }

    /** Pictures may have come. */
    refresh() {
        this.#tracks.showPictures();
    }
}

/** The first words of a prompt. @param {Job} job */
export function shortName(job) {
    return say.titleOf(job).split(/[\s,.]+/).slice(0, 2).join(" ").slice(0, 24);
}
