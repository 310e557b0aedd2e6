// The pane at the right: one film, its takes, what it is, and where its time went.

/** @import { Job } from "./types.js" */
import * as say from "./describe.js";
import { arrange, el, find, iconButton, setAttribute, setText, setVars, textButton } from "./el.js";
import { icon, setIcon } from "./icons.js";
import { costOf } from "./estimate.js";
import { bytes, clock, moment, money, span } from "./format.js";

/** Speeds that the speed button goes through. */
const SPEEDS = [1, 0.5, 0.25, 2];

export class Player {
    #pane = find("#view");
    #video = /** @type {HTMLVideoElement} */ (find("#film"));
    #strip = find("#strip");
    /** @type {Job | null} */
    job = null;
    /** @type {Job[]} */
    #takes = [];
    #actionsForm = "";
    /** @type {ReadonlySet<string>} */
    #best = new Set();
    /** @type {(seconds: number) => void} */
    onTime = () => {};

    constructor() {
        const video = this.#video;
        video.addEventListener("error", () => this.#unplayable(true));
        video.addEventListener("loadedmetadata", () => this.#unplayable(false));
        for (const name of ["timeupdate", "seeked", "loadedmetadata"]) {
            video.addEventListener(name, () => this.#showTime());
        }
        find("#frames").addEventListener("click", (event) => {
            const act = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.step;
            if (act === "back") this.step(-1);
            else if (act === "on") this.step(1);
            else if (act === "loop") this.#loop();
            else if (act === "speed") this.#speed();
        });
    }

    get video() {
        return this.#video;
    }

    /** Frames a second of what is shown. */
    get rate() {
        const made = this.job && say.mainArtifact(this.job);
        return made?.fps || 24;
    }

    /**
     * Shows a job.
     * @param {Job} job
     * @param {{isPlaying?: boolean, at?: number}} [how]
     */
    open(job, { isPlaying = false, at } = {}) {
        const isNew = this.job?.job_id !== job.job_id || say.mediaURL(job) !== this.#video.getAttribute("src");
        this.job = job;
        const url = say.mediaURL(job);
        if (isNew) {
            this.#unplayable(false);
            setAttribute(this.#video, "poster", say.pictureURL(job));
            if (url) this.#video.src = url;
            else {
                this.#video.removeAttribute("src");
                this.#video.load();
            }
        }
        this.#video.hidden = !url;
        find("#frames").hidden = !url;
        if (at !== undefined) this.#video.currentTime = at;
        if (isPlaying) this.#video.play().catch(() => {});
        this.#describe();
    }

    /** What is shown may have changed. @param {Job | null} job @param {Job[]} takes @param {ReadonlySet<string>} best */
    update(job, takes, best) {
        this.#takes = takes;
        this.#best = best;
        if (!job) {
            this.#pane.classList.add("empty");
            this.job = null;
            return;
        }
        const before = this.job;
        this.job = job;
        if (before && say.mediaURL(before) !== say.mediaURL(job)) this.open(job);
        else this.#describe();
    }

    /** @param {number} frames */
    step(frames) {
        const video = this.#video;
        video.pause();
        // Into the middle of a frame, so that rounding never shows its neighbour.
        const frame = Math.floor(video.currentTime * this.rate + 1e-3) + frames;
        const last = Math.max(0, Math.ceil((video.duration || 0) * this.rate) - 1);
        video.currentTime = (Math.min(Math.max(frame, 0), last) + 0.5) / this.rate;
    }

    toggle() {
        if (this.#video.paused) this.#video.play().catch(() => {});
        else this.#video.pause();
    }

    #loop() {
        this.#video.loop = !this.#video.loop;
        setAttribute(find("[data-step=loop]"), "aria-pressed", String(this.#video.loop));
    }

    #speed() {
        const next = SPEEDS[(SPEEDS.indexOf(this.#video.playbackRate) + 1) % SPEEDS.length];
        this.#video.playbackRate = next;
        setText(find("[data-step=speed]"), `${next}×`);
    }

    #showTime() {
        const { currentTime } = this.#video;
        setText(find("#frame"), `${clock(currentTime)} · frame ${Math.floor(currentTime * this.rate + 1e-3)}`);
        this.onTime(currentTime);
    }

    /** @param {boolean} isSo */
    #unplayable(isSo) {
        const wrong = isSo && Boolean(this.#video.getAttribute("src"));
        find("#unplayable").hidden = !wrong;
    }

    /** The last frame as a picture. @returns {Promise<Blob>} */
    async lastFrame() {
        const video = this.#video;
        video.pause();
        const target = Math.max(0, video.duration - 0.5 / this.rate);
        if (Math.abs(video.currentTime - target) > 1e-3) {
            const seeked = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
            video.currentTime = target;
            await seeked;
        }
        const canvas = el("canvas", { width: video.videoWidth, height: video.videoHeight });
        canvas.getContext("2d")?.drawImage(video, 0, 0);
        return new Promise((resolve, reject) =>
            canvas.toBlob(
                (blob) => (blob ? resolve(blob) : reject(new Error("The frame could not be read."))),
                "image/png",
            )
        );
    }

    #describe() {
        const { job } = this;
        if (!job) return;
        this.#pane.classList.remove("empty");
        const index = this.#takes.findIndex((take) => take.job_id === job.job_id);
        const isOneOf = this.#takes.length > 1 && index >= 0;
        const seed = job.params?.seed;
        setText(find("#h-view"), isOneOf ? `Take ${index + 1}` : say.typeName(job.type));
        setText(find("#seed"), seed === undefined || seed === null ? "" : `seed ${seed}`);
        const [picture, word] = say.pillOf(job);
        const pill = find("#view-pill");
        pill.className = `pill ${say.modeOf(job)}`;
        setIcon(/** @type {Element} */ (pill.firstElementChild), picture);
        setText(/** @type {Element} */ (pill.lastElementChild), word);
        setText(find("#view-prompt"), say.titleOf(job));
        setAttribute(this.#video, "aria-label", say.titleOf(job).slice(0, 150));
        this.#showStrip(isOneOf);
        this.#showActions(job, isOneOf);
        this.#showFacts(job);
        this.#showPhases(job);
    }

    /** @param {boolean} isOneOf */
    #showStrip(isOneOf) {
        this.#strip.hidden = !isOneOf;
        if (!isOneOf) return;
        const known = new Map(
            [...this.#strip.children].map((
                item,
            ) => [/** @type {HTMLElement} */ (item).dataset.id ?? "", /** @type {HTMLElement} */ (item)]),
        );
        const items = this.#takes.slice(0, 12).map((take, index) => {
            const item = known.get(take.job_id) ?? stripItem(take);
            const button = /** @type {HTMLElement} */ (item.firstElementChild);
            const isBest = this.#best.has(take.job_id);
            item.className = `${isBest ? "best" : ""} ${take.job_id === this.job?.job_id ? "current" : ""}`.trim();
            const image = find("img", item);
            setAttribute(image, "src", say.pictureURL(take));
            image.hidden = !say.pictureURL(take);
            find(".i:not(.ph)", item).toggleAttribute("hidden", !isBest);
            setText(find(".cap span", item), String(take.params?.seed ?? index + 1));
            setAttribute(
                button,
                "aria-label",
                `Show take ${index + 1}, seed ${take.params?.seed ?? "random"}${isBest ? ", marked best" : ""}`,
            );
            return item;
        });
        arrange(this.#strip, items);
    }

    /** @param {Job} job @param {boolean} isOneOf */
    #showActions(job, isOneOf) {
        const films = this.#takes.filter(say.isFilm).length;
        const form = [job.job_id, job.state, isOneOf && films > 1 ? films : 0].join();
        if (form === this.#actionsForm) return;
        this.#actionsForm = form;
        const row = find("#view-acts");
        const isFilm = say.isFilm(job);
        const isEnded = !["queued", "running"].includes(job.state);
        /** @type {(HTMLElement | false | null)[]} */
        const buttons = [
            isFilm && textButton("plus", "Add to timeline", "timeline", "pri"),
            job.type === "EXPORT"
                ? textButton("film", "Open in timeline", "restore")
                : textButton("edit", "Duplicate & edit", "duplicate"),
            isFilm && textButton("frame", "Use last frame", "last-frame"),
            isOneOf && films > 1 && textButton("cmp", `Compare ${Math.min(films, 4)}`, "compare"),
            isFilm && iconButton("star", "Mark as best", "star"),
            say.mediaURL(job) !== null && iconButton("dl", "Download", "download"),
            isEnded ? iconButton("trash", "Delete", "delete") : iconButton("x", "Cancel", "cancel"),
        ];
        row.replaceChildren(...buttons.filter((button) => button instanceof HTMLElement));
    }

    /** @param {Job} job */
    #showFacts(job) {
        const made = say.mainArtifact(job);
        const started = job.started_at ? Date.parse(job.started_at) : 0;
        const ended = job.finished_at ? Date.parse(job.finished_at) : 0;
        const cost = costOf(job);
        /** @type {[string, string][]} */
        const facts = [];
        if (made?.width) {
            facts.push([
                "Video",
                `${made.width} × ${made.height}${made.fps ? ` · ${Math.round(made.fps * 100) / 100} fps` : ""}`,
            ]);
        }
        if (made) {
            facts.push([
                "Length",
                [made.duration ? `${made.duration.toFixed(1)} s` : "", bytes(made.bytes)].filter(Boolean).join(" · "),
            ]);
        }
        if (started && ended) {
            facts.push([
                "Took",
                [span((ended - started) / 1000), cost === null ? "" : money(cost)].filter(Boolean).join(" · "),
            ]);
        }
        if (made?.video_codec) facts.push(["Form", [made.video_codec, made.audio_codec].filter(Boolean).join(", ")]);
        facts.push(["Job", job.job_id]);
        facts.push([ended ? "Made" : "Asked", moment(ended || Date.parse(job.created_at), Date.now())]);
        const list = find("#view-facts");
        const rows = /** @type {HTMLElement[]} */ ([...list.children]);
        while (rows.length < facts.length) {
            const row = el("div", {}, el("dt"), el("dd"));
            list.append(row);
            rows.push(row);
        }
        rows.forEach((row, index) => {
            row.hidden = index >= facts.length;
            if (row.hidden) return;
            setText(/** @type {Element} */ (row.firstElementChild), facts[index][0]);
            setText(/** @type {Element} */ (row.lastElementChild), facts[index][1]);
            row.classList.toggle("mono", facts[index][0] === "Job");
        });
    }

    /** @param {Job} job */
    #showPhases(job) {
        const phases = say.phasesOf(job).filter(([, seconds]) => seconds > 0);
        const sum = phases.reduce((total, [, seconds]) => total + seconds, 0);
        find("#phases").hidden = phases.length === 0 || sum <= 0;
        const bar = find("#phase");
        bar.replaceChildren(
            ...phases.map(([, seconds, colour]) =>
                el("i", { vars: { "--w": seconds / sum, "--c": `var(--${colour})` } })
            ),
        );
        setAttribute(bar, "aria-label", phases.map(([word, seconds]) => `${word} ${span(seconds)}`).join(", "));
        find("#phase-key").replaceChildren(
            ...phases.map(([word, seconds, colour]) =>
                el(
                    "li",
                    { vars: { "--c": `var(--${colour})` } },
                    word,
                    el("b", {}, seconds < 60 ? `${say.round(seconds)} s` : clock(seconds)),
                )
            ),
        );
    }
}

/** @param {Job} take */
function stripItem(take) {
    const placeholder = icon("film");
    placeholder.classList.add("ph");
    const image = el("img", { alt: "" });
    const caption = el("span", { className: "cap" }, icon("star"), el("span"));
    const button = el(
        "button",
        { type: "button", className: "take", data: { act: "open", id: take.job_id } },
        placeholder,
        image,
        caption,
    );
    setVars(button, say.huesOf(take));
    return el("li", { data: { id: take.job_id } }, button);
}
