// One job as a card. Texts are changed in place; parts are built anew only when the job changes its state.

/** @import { Estimates } from "./estimate.js" */
/** @import { Mode } from "./describe.js" */
/** @import { Job, Row } from "./types.js" */
import * as say from "./describe.js";
import { el, iconButton, setAttribute, setText, setVars, textButton } from "./el.js";
import { icon, setIcon } from "./icons.js";
import { hintForPage, remediesOf } from "./failures.js";
import { clock, count, moment, span, timeOfDay } from "./format.js";

/**
 * What a card must know beside its job.
 * @typedef {object} Surroundings
 * @property {number} now milliseconds, the daemon's
 * @property {Estimates} estimates
 * @property {Map<string, number>} places of waiting jobs
 * @property {Map<string, number>} starts of waiting jobs, milliseconds
 * @property {ReadonlySet<string>} best starred ids
 * @property {string | null} current the id in the player
 * @property {boolean} isPaused
 */

export class JobCard extends HTMLElement {
    /** @type {Mode | ""} */
    #mode = "";
    /** What the built parts depend on. */
    #form = "";
    /** @type {Job | null} */
    job = null;
    #parts = this.#build();

    #build() {
        const image = el("img", { alt: "", decoding: "async", draggable: false });
        const art = icon("film");
        const badge = el("span", { className: "badge" });
        const title = el("h3");
        const pillIcon = icon("clock");
        const pillText = el("span");
        const pill = el("span", { className: "pill" }, pillIcon, pillText);
        const info = el("span", { className: "info" });
        const status = el("div", { className: "st" });
        const actions = el("div", { className: "ja" });
        const thumb = el("div", { className: "th" }, art, image, badge);
        const head = el("div", { className: "hd" }, title, el("p", { className: "sub" }, pill, info));
        const article = el(
            "article",
            { className: "job" },
            thumb,
            el("div", { className: "tx" }, head, status),
            actions,
        );
        article.tabIndex = 0;
        image.addEventListener("error", () => image.classList.add("broken"));
        image.addEventListener("load", () => image.classList.remove("broken"));
        /** @type {Record<string, HTMLElement>} */
        const live = {};
        return { article, thumb, image, art, badge, title, pill, pillIcon, pillText, info, status, actions, live };
    }

    connectedCallback() {
        if (!this.firstChild) this.append(this.#parts.article);
    }

    /** The jobs of the card. */
    get jobs() {
        return this.job ? [this.job] : [];
    }

    /** Where the focus goes when the card is chosen. */
    get target() {
        return this.#parts.article;
    }

    /** @param {Row} row @param {Surroundings} around */
    update(row, around) {
        const job = row.jobs[0];
        this.job = job;
        const parts = this.#parts;
        const mode = say.modeOf(job);
        const [picture, word] = say.pillOf(job);
        const title = say.titleOf(job);
        setText(parts.title, title);
        setText(parts.info, say.infoOf(job));
        setText(parts.pillText, word);
        setIcon(parts.pillIcon, picture);
        setAttribute(parts.article, "aria-label", `${word}: ${title.slice(0, 120)}`);
        this.#picture(job);
        const form = [
            mode,
            job.error?.code,
            job.error?.message,
            say.smallerSize(job),
            mode === "queued" || job.warnings?.length,
        ].join("|");
        if (form !== this.#form) {
            this.#mode = mode;
            this.#form = form;
            const isCurrent = parts.article.classList.contains("current");
            parts.article.className = `job ${mode}${isCurrent ? " current" : ""}`;
            parts.pill.className = `pill ${mode}`;
            this.#rebuild(job, mode);
        }
        this.refresh(around);
    }

    /** @param {Job} job */
    #picture(job) {
        const { image, thumb, art, badge } = this.#parts;
        const url = say.pictureURL(job);
        // While the next picture comes, the one of another job is not shown.
        if (image.getAttribute("src") !== url) image.classList.add("broken");
        setAttribute(image, "src", url);
        image.hidden = !url;
        setVars(thumb, say.huesOf(job));
        setIcon(art, say.typeIcon(job));
        const length = say.lengthOf(job);
        setText(badge, length ? `${say.round(length)} s` : "");
        badge.hidden = !length;
        setAttribute(thumb, "data-act", say.mediaURL(job) ? "open" : null);
    }

    /** @param {Job} job @param {Mode} mode */
    #rebuild(job, mode) {
        const { status, actions, article, live } = this.#parts;
        const hadFocus = actions.contains(document.activeElement) || status.contains(document.activeElement);
        for (const key of Object.keys(live)) delete live[key];
        status.replaceChildren(...this.#statusParts(job, mode));
        actions.replaceChildren(...buttonsOf(job, mode));
        if (hadFocus) article.focus({ preventScroll: true });
    }

    /** @param {Job} job @param {Mode} mode @returns {Node[]} */
    #statusParts(job, mode) {
        const { live } = this.#parts;
        const line = (/** @type {string[]} */ ...names) => {
            const kids = names.map((name) => (live[name] = el(name === "strong" ? "b" : "span", { className: name })));
            return el("p", { className: "pl" }, ...kids);
        };
        switch (mode) {
            case "running":
                live.bar = el("progress", { max: 100, "aria-label": "Progress" });
                return [live.bar, line("strong", "plain", "side")];
            case "warming":
                live.bar = el("progress", { className: "warm", "aria-label": "Warming the GPU" });
                return [live.bar, line("strong", "plain", "side")];
            case "queued":
                return [line("strong", "plain")];
            case "failed":
                return failureParts(job);
            default:
                return [
                    line("plain", "side"),
                    ...(job.warnings ?? []).slice(0, 2).map((text) => el("p", { className: "tip" }, text)),
                ];
        }
    }

    /** What changes by time alone. @param {Surroundings} around */
    refresh(around) {
        const { job } = this;
        if (!job) return;
        const { live, article } = this.#parts;
        article.classList.toggle("current", around.current === job.job_id);
        const started = job.started_at ? Date.parse(job.started_at) : around.now;
        switch (this.#mode) {
            case "running": {
                const left = around.estimates.left(job, around.now);
                const bar = /** @type {HTMLProgressElement} */ (live.bar);
                if (bar.value !== job.progress) bar.value = job.progress;
                setText(live.strong, `${job.progress} %`);
                setText(
                    live.plain,
                    left === null ? `for ${clock((around.now - started) / 1000)}` : `${clock(left)} left`,
                );
                const doing = job.status_message === "Running." ? "" : job.status_message ?? "";
                setText(live.side, [doing, say.heartbeatAge(job, around.now)].filter(Boolean).join(" · "));
                break;
            }
            case "warming":
                setText(live.strong, clock((around.now - started) / 1000));
                setText(live.plain, "so far");
                setText(live.side, say.hintTip(job));
                break;
            case "queued":
                this.#refreshQueued(job, around);
                break;
            case "done":
            case "canceled": {
                const took = job.started_at && job.finished_at
                    ? (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000
                    : null;
                const ended = job.finished_at ? `${span((around.now - Date.parse(job.finished_at)) / 1000)} ago` : "";
                setText(
                    live.plain,
                    this.#mode === "canceled" ? `canceled ${ended}` : took === null ? "" : `took ${span(took)}`,
                );
                setText(live.side, this.#mode === "done" ? ended : "");
                break;
            }
        }
    }

    /** @param {Job} job @param {Surroundings} around */
    #refreshQueued(job, around) {
        const { live } = this.#parts;
        const place = around.places.get(job.job_id) ?? 0;
        const [start, due] = [around.starts.get(job.job_id), job.scheduled_for ? Date.parse(job.scheduled_for) : 0];
        setText(
            live.strong,
            due > around.now
                ? `Starts ${moment(due, around.now)}`
                : place === 0
                ? "Next up"
                : `${count(place, "job")} before it`,
        );
        if (around.isPaused) setText(live.plain, "· the queue is paused");
        else {setText(
                live.plain,
                start && due <= around.now && start > around.now + 1000 ? `· about ${timeOfDay(start)}` : "",
            );}
    }
}

/** @param {Job} job */
function failureParts(job) {
    const code = job.error?.code ?? "internal_error";
    const smaller = say.smallerSize(job);
    /** @type {Record<string, () => HTMLElement | null>} */
    const buttons = {
        retry: () => textButton("retry", "Retry", "retry"),
        smaller: () => (smaller ? textButton("edit", `Retry at ${smaller}`, "smaller") : null),
        edit: () => textButton("edit", "Edit a copy", "duplicate"),
        log: () => textButton("logs", "Log", "log"),
    };
    const row = remediesOf(code).map((remedy) => buttons[remedy]()).filter((button) => button !== null);
    row[0]?.classList.add("pri");
    const hint = hintForPage(job.error?.hint);
    return [
        el("p", { className: "why" }, el("code", {}, code), ` ${job.error?.message ?? "The job failed."}`),
        ...(hint ? [el("p", { className: "tip" }, hint)] : []),
        el("div", { className: "row" }, ...row),
    ];
}

/** @param {Job} job @param {Mode} mode */
function buttonsOf(job, mode) {
    const more = iconButton("more", "More actions", "menu");
    more.setAttribute("aria-haspopup", "menu");
    switch (mode) {
        case "running":
        case "warming":
            return [iconButton("x", "Cancel", "cancel"), iconButton("logs", "Log", "log"), more];
        case "queued":
            return [
                iconButton("edit", "Edit before it starts", "edit"),
                iconButton("up", "Move to the front of the queue", "front"),
                iconButton("x", "Cancel", "cancel"),
                more,
            ];
        case "failed":
            return [iconButton("trash", "Delete", "delete"), more];
        case "canceled":
            return [iconButton("retry", "Retry", "retry"), iconButton("trash", "Delete", "delete"), more];
        default:
            return [
                ...(say.mediaURL(job) ? [iconButton("play", "Play", "play")] : []),
                ...(say.isFilm(job) ? [iconButton("plus", "Add to the timeline", "timeline")] : []),
                iconButton("trash", "Delete", "delete"),
                more,
            ];
    }
}
customElements.define("job-card", JobCard);
