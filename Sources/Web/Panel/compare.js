// Two to four takes beside each other, played in step.

/** @import { Job } from "./types.js" */
import * as say from "./describe.js";
import { openDialog } from "./dialogs.js";
import { el, iconButton, setAttribute, setText, textButton } from "./el.js";
import { setIcon } from "./icons.js";
import { count, tenths } from "./format.js";
import { toast } from "./toast.js";

/** Further apart than that they are brought together again, in seconds. */
const DRIFT = 0.12;

/**
 * @typedef {object} Choices
 * @property {ReadonlySet<string>} best
 * @property {(id: string) => void} star
 * @property {(job: Job) => void} append
 * @property {(job: Job) => void} more
 * @property {(jobs: Job[]) => void} remove
 */

/** @param {Job[]} all @param {Choices} choices */
export function compare(all, choices) {
    const jobs = all.slice(-4);
    if (jobs.length < 2) return toast("There are not two takes to compare yet.");
    new Comparison(jobs, choices);
}

class Comparison {
    #jobs;
    #choices;
    /** @type {HTMLVideoElement[]} */
    #videos;
    /** @type {{figure: HTMLElement, button: HTMLButtonElement}[]} */
    #cells = [];
    #play = iconButton("play", "Play all", "");
    #slider = el("input", {
        type: "range",
        min: "0",
        max: "1000",
        value: "0",
        step: "1",
        "aria-label": "Position in all takes",
    });
    #time = el("output");
    #dialog;
    /** The place in the list of takes that is chosen. */
    #chosen;

    /** @param {Job[]} jobs @param {Choices} choices */
    constructor(jobs, choices) {
        this.#jobs = jobs;
        this.#choices = choices;
        this.#chosen = Math.max(0, jobs.findIndex((job) => choices.best.has(job.job_id)));
        this.#videos = jobs.map((job, index) =>
            el("video", {
                src: say.mediaURL(job) ?? "",
                muted: index > 0,
                playsInline: true,
                preload: "auto",
                poster: say.pictureURL(job) ?? "",
                "aria-label": `Take ${index + 1}`,
            })
        );
        const grid = el(
            "div",
            { className: `grid4 n${jobs.length}` },
            ...jobs.map((job, index) => this.#cell(job, index)),
        );
        const add = textButton("plus", "Add best to timeline", "", "pri");
        const more = textButton("dice", "4 more like the best", "");
        const others = jobs.length - 1;
        const rest = textButton("trash", `Delete the other ${others === 1 ? "one" : others}`, "");
        this.#dialog = openDialog(
            `Compare ${jobs.length} takes`,
            "cmp",
            grid,
            el("div", { className: "scrub" }, this.#play, this.#slider, this.#time),
            el("div", { className: "row" }, add, more, rest),
        );
        this.#dialog.querySelector("h2")?.after(
            el("small", {}, `played in step · 1–${jobs.length} pick · , . frame · Space play`),
        );
        add.onclick = () => this.#close(() => choices.append(this.#best));
        more.onclick = () => choices.more(this.#best);
        rest.onclick = () => this.#close(() => choices.remove(jobs.filter((job) => job !== this.#best)));
        this.#play.onclick = () => this.#toggle();
        this.#slider.oninput = () => this.#seek(Number(this.#slider.value) / 1000 * this.#length);
        this.#dialog.addEventListener("keydown", (event) => this.#key(event));
        this.#videos[0].addEventListener("timeupdate", () => this.#follow());
        this.#videos[0].addEventListener("loadedmetadata", () => this.#follow());
        this.#videos[0].addEventListener("ended", () => this.#show());
        this.#show();
        this.#play.focus();
    }

    get #best() {
        return this.#jobs[this.#chosen];
    }

    get #length() {
        return Math.max(...this.#videos.map((video) => video.duration || 0), 0.001);
    }

    /** @param {Job} job @param {number} index */
    #cell(job, index) {
        const button = textButton("star", "Pick", "");
        button.onclick = () => this.#pick(index);
        const seed = job.params?.seed;
        const name = el("span", {}, seed === undefined ? `take ${index + 1}` : `seed ${seed}`);
        const figure = el(
            "figure",
            {},
            this.#videos[index],
            el("figcaption", {}, el("kbd", {}, String(index + 1)), name, button),
        );
        this.#cells.push({ figure, button });
        return figure;
    }

    /** @param {number} index */
    #pick(index) {
        this.#chosen = index;
        for (const [place, job] of this.#jobs.entries()) {
            if (this.#choices.best.has(job.job_id) !== (place === index)) this.#choices.star(job.job_id);
        }
        this.#show();
    }

    #toggle() {
        const isPaused = this.#videos[0].paused;
        if (isPaused && this.#videos[0].ended) this.#seek(0);
        for (const video of this.#videos) {
            if (isPaused) video.play().catch(() => {});
            else video.pause();
        }
        if (!isPaused) this.#seek(this.#videos[0].currentTime);
        this.#show();
    }

    /** @param {number} seconds */
    #seek(seconds) {
        for (const video of this.#videos) {
            video.currentTime = Math.min(seconds, Math.max(0, (video.duration || seconds) - 0.001));
        }
        this.#follow();
    }

    /** The others follow the first. */
    #follow() {
        const [lead, ...others] = this.#videos;
        if (!lead.paused) {
            for (const video of others) {
                if (!video.ended && Math.abs(video.currentTime - lead.currentTime) > DRIFT) {
                    video.currentTime = lead.currentTime;
                }
            }
        }
        this.#slider.value = String(Math.round(lead.currentTime / this.#length * 1000));
        setText(this.#time, `${tenths(lead.currentTime)} / ${tenths(this.#length)}`);
    }

    #show() {
        const isPlaying = !this.#videos[0].paused && !this.#videos[0].ended;
        setIcon(/** @type {Element} */ (this.#play.firstElementChild), isPlaying ? "pause" : "play");
        setAttribute(this.#play, "aria-label", isPlaying ? "Pause all" : "Play all");
        for (const [index, { figure, button }] of this.#cells.entries()) {
            const isBest = index === this.#chosen && this.#choices.best.has(this.#jobs[index].job_id);
            figure.classList.toggle("best", isBest);
            button.classList.toggle("pri", isBest);
            setAttribute(button, "aria-pressed", String(isBest));
            setText(/** @type {Element} */ (button.lastElementChild), isBest ? "Best" : "Pick");
        }
        setAttribute(this.#dialog ?? this.#play, "data-count", count(this.#jobs.length, "take"));
        this.#follow();
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const digit = Number(event.key);
        const isOnButton = event.target instanceof HTMLButtonElement && event.target !== this.#play;
        if (digit >= 1 && digit <= this.#jobs.length) this.#pick(digit - 1);
        else if (event.key === " " && !isOnButton) this.#toggle();
        else if (event.key === "s") this.#pick(this.#chosen);
        else if (event.key === "," || event.key === ".") {
            for (const video of this.#videos) video.pause();
            this.#seek(
                Math.max(
                    0,
                    this.#videos[0].currentTime +
                        (event.key === "," ? -1 : 1) / (say.mainArtifact(this.#jobs[0])?.fps || 24),
                ),
            );
            this.#show();
        } else return;
        event.preventDefault();
        event.stopPropagation();
    }

    /** @param {() => void} then */
    #close(then) {
        this.#dialog.close();
        then();
    }
}
