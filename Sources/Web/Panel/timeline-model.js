// The film that is being put together, as a value: every change makes a new one, so that undo is a list.

/** @import { Job, Params } from "./types.js" */

/**
 * One clip: a part of a film.
 * @typedef {object} Clip
 * @property {string} id ours
 * @property {string} source `job:ID/NAME`, `upload:SHA`, or whatever else an export takes
 * @property {string} name
 * @property {number} length of the source, in seconds
 * @property {number} start seconds of the source
 * @property {number} end seconds of the source
 * @property {number} fade crossfade from the clip before it, in seconds; 0 is a cut
 */

/** @typedef {{id: string, text: string, start: number, end: number}} Caption times are seconds of the film */
/** @typedef {{source: string, name: string, volume: number}} Music */

/**
 * @typedef {object} Draft
 * @property {string} title
 * @property {Clip[]} clips
 * @property {Caption[]} captions
 * @property {Music | null} music
 * @property {string} size `480p 720p 1080p`, or nothing: like the first clip
 * @property {number} fade for clips to come
 */

/** A clip is never shorter, in seconds. */
export const SHORTEST = 0.2;

/** @returns {Draft} */
export function emptyDraft() {
    return { title: "Untitled film", clips: [], captions: [], music: null, size: "", fade: 0.5 };
}

/** @param {Clip} clip */
export function lengthOfClip(clip) {
    return clip.end - clip.start;
}

/** A crossfade is never longer than half of the shorter clip. @param {Clip | undefined} before @param {Clip} clip */
export function fadeInto(before, clip) {
    if (!before) return 0;
    return Math.min(clip.fade, lengthOfClip(before) / 2, lengthOfClip(clip) / 2);
}

/**
 * Where each clip stands in the film.
 * @param {Draft} draft
 * @returns {{clip: Clip, at: number, length: number, fade: number}[]}
 */
export function placed(draft) {
    let at = 0;
    return draft.clips.map((clip, index) => {
        const fade = fadeInto(draft.clips[index - 1], clip);
        at -= fade;
        const place = { clip, at: Math.max(0, at), length: lengthOfClip(clip), fade };
        at += place.length;
        return place;
    });
}

/** Seconds of film. @param {Draft} draft */
export function totalLength(draft) {
    const last = placed(draft).at(-1);
    return last ? last.at + last.length : 0;
}

/** The clip that is seen at a moment of the film. @param {Draft} draft @param {number} at */
export function clipAt(draft, at) {
    const all = placed(draft);
    return all.findLast((place) => place.at <= at + 1e-6) ?? all[0] ?? null;
}

let counter = 0;

/** @param {string} kind */
export function freshID(kind) {
    counter += 1;
    return `${kind}${Date.now().toString(36)}${counter}`;
}

/** @param {Draft} draft @param {Omit<Clip, "id" | "fade">[]} clips @param {number} [index] */
export function added(draft, clips, index = draft.clips.length) {
    const fresh = clips.map((clip) => ({ ...clip, id: freshID("clip"), fade: draft.fade }));
    return { ...draft, clips: draft.clips.toSpliced(index, 0, ...fresh) };
}

/** @param {Draft} draft @param {string} id @param {number} to its place afterwards */
export function moved(draft, id, to) {
    const from = draft.clips.findIndex((clip) => clip.id === id);
    if (from < 0) return draft;
    const place = Math.min(Math.max(to, 0), draft.clips.length - 1);
    if (place === from) return draft;
    return { ...draft, clips: draft.clips.toSpliced(from, 1).toSpliced(place, 0, draft.clips[from]) };
}

/** @param {Draft} draft @param {string} id */
export function removed(draft, id) {
    return {
        ...draft,
        clips: draft.clips.filter((clip) => clip.id !== id),
        captions: draft.captions.filter((caption) => caption.id !== id),
    };
}

/** @param {Draft} draft @param {string} id @param {{start?: number, end?: number, fade?: number}} change */
export function trimmed(draft, id, change) {
    return {
        ...draft,
        clips: draft.clips.map((clip) => {
            if (clip.id !== id) return clip;
            let start = Math.max(change.start ?? clip.start, 0);
            let end = Math.min(change.end ?? clip.end, clip.length);
            // The edge that is moved stops at the other one.
            if (change.start === undefined) end = Math.max(end, start + SHORTEST);
            else start = Math.min(start, end - SHORTEST);
            return { ...clip, start: hundredths(start), end: hundredths(end), fade: change.fade ?? clip.fade };
        }),
    };
}

/** @param {number} seconds */
function hundredths(seconds) {
    return Math.round(seconds * 100) / 100;
}

/** Cuts the clip at a moment of the film in two. @param {Draft} draft @param {number} at */
export function split(draft, at) {
    const place = clipAt(draft, at);
    if (!place) return draft;
    const cut = hundredths(place.clip.start + at - place.at);
    if (cut - place.clip.start < SHORTEST || place.clip.end - cut < SHORTEST) return draft;
    const index = draft.clips.indexOf(place.clip);
    const [left, right] = [{ ...place.clip, end: cut }, { ...place.clip, id: freshID("clip"), start: cut, fade: 0 }];
    return { ...draft, clips: draft.clips.toSpliced(index, 1, left, right) };
}

/** @param {Draft} draft @param {number} fade */
export function faded(draft, fade) {
    return { ...draft, fade, clips: draft.clips.map((clip) => ({ ...clip, fade })) };
}

/** @param {Draft} draft @param {number} at */
export function captioned(draft, at) {
    const total = totalLength(draft);
    const start = hundredths(Math.min(at, Math.max(0, total - 1)));
    const caption = {
        id: freshID("cap"),
        text: "",
        start,
        end: hundredths(Math.min(start + 2.5, Math.max(total, start + 1))),
    };
    const captions = [...draft.captions, caption].sort((a, b) => a.start - b.start);
    return { draft: { ...draft, captions }, caption };
}

/** @param {Draft} draft @param {string} id @param {Partial<Caption>} change */
export function recaptioned(draft, id, change) {
    const captions = draft.captions.map((caption) => {
        if (caption.id !== id) return caption;
        const next = { ...caption, ...change };
        next.start = hundredths(Math.max(0, next.start));
        next.end = hundredths(Math.max(next.end, next.start + SHORTEST));
        return next;
    });
    return { ...draft, captions: captions.sort((a, b) => a.start - b.start) };
}

/** The export that makes this film. @param {Draft} draft @returns {{type: string, params: Params}} */
export function exportOf(draft) {
    const clips = draft.clips.map((clip, index) => {
        const next = draft.clips[index + 1];
        const fade = next ? fadeInto(clip, next) : 0;
        const isWhole = clip.start === 0 && Math.abs(clip.end - clip.length) < 0.02;
        return {
            url: clip.source,
            // A source is sometimes a few milliseconds shorter than it says: what is wanted whole is not cut at all.
            ...(isWhole ? {} : { start: clip.start, end: clip.end }),
            ...(next ? { transition: fade >= 0.04 ? { type: "crossfade", duration: hundredths(fade) } : "cut" } : {}),
        };
    });
    const captions = draft.captions.filter((caption) => caption.text.trim()).map(({ text, start, end }) => ({
        text: text.trim(),
        start,
        end,
    }));
    return {
        type: "EXPORT",
        params: {
            clips,
            ...(captions.length ? { captions } : {}),
            ...(draft.music
                ? {
                    audio: [{
                        url: draft.music.source,
                        volume: draft.music.volume,
                        loop: true,
                        fade_out: 1,
                        duck: true,
                    }],
                }
                : {}),
            ...(draft.size ? { output: { size: draft.size } } : {}),
        },
    };
}

/**
 * The draft from which an export came, as far as the export tells it.
 * @param {Params} params
 * @param {(source: string) => {name: string, length: number} | null} lookUp
 * @returns {Draft}
 */
export function draftOf(params, lookUp) {
    /** @type {Draft} */
    const draft = { ...emptyDraft(), size: typeof params.output?.size === "string" ? params.output.size : "" };
    let fade = 0;
    for (const told of params.clips ?? []) {
        const clip = typeof told === "string" ? { url: told } : told;
        const source = clip.url ?? (clip.job ? `job:${clip.job}` : clip.path) ?? "";
        const known = lookUp(source);
        const start = Number(clip.start ?? 0);
        const end = Number(clip.end ?? known?.length ?? start + 5);
        draft.clips.push({
            id: freshID("clip"),
            source,
            name: known?.name ?? source,
            length: Math.max(known?.length ?? end, end),
            start,
            end,
            fade,
        });
        fade = typeof clip.transition === "object"
            ? Number(clip.transition.duration ?? 0.5)
            : clip.transition === "crossfade"
            ? 0.5
            : 0;
    }
    for (const { text, start, end } of Array.isArray(params.captions) ? params.captions : []) {
        draft.captions.push({ id: freshID("cap"), text: String(text), start: Number(start), end: Number(end) });
    }
    const music = params.audio?.[0];
    if (music) draft.music = { source: music.url ?? music, name: "Music", volume: Number(music.volume ?? 1) };
    return draft;
}

/** Remembers what was, so that it can come back. */
export class History {
    /** @type {Draft[]} */
    #past = [];
    /** @type {Draft[]} */
    #future = [];
    #label = "";

    /** @param {Draft} draft */
    constructor(draft) {
        this.draft = draft;
    }

    get canUndo() {
        return this.#past.length > 0;
    }

    get canRedo() {
        return this.#future.length > 0;
    }

    /**
     * @param {Draft} draft
     * @param {string} [label] changes with the same label in a row are one step: typing, dragging
     */
    change(draft, label = "") {
        if (draft === this.draft) return;
        if (!label || label !== this.#label) this.#past.push(this.draft);
        if (this.#past.length > 200) this.#past.shift();
        this.#label = label;
        this.#future = [];
        this.draft = draft;
    }

    undo() {
        const before = this.#past.pop();
        if (!before) return;
        this.#future.push(this.draft);
        this.#label = "";
        this.draft = before;
    }

    redo() {
        const after = this.#future.pop();
        if (!after) return;
        this.#past.push(this.draft);
        this.#label = "";
        this.draft = after;
    }
}

/** A film as a clip. @param {Job} job @param {string} file its name @param {number} length @param {string} name @returns {Omit<Clip, "id" | "fade">} */
export function clipOfJob(job, file, length, name) {
    return { source: `job:${job.job_id}/${file}`, name, length, start: 0, end: hundredths(length) };
}
