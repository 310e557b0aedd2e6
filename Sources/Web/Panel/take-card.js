// The takes of one prompt as one card.

/** @import { Surroundings } from "./job-card.js" */
/** @import { Job, Row } from "./types.js" */
import * as say from "./describe.js";
import { arrange, el, iconButton, setAttribute, setText, setVar, setVars } from "./el.js";
import { icon, setIcon } from "./icons.js";
import { clock, count, money } from "./format.js";
import { costOf } from "./estimate.js";

/** So many takes are shown on the card; the rest is counted. */
const SHOWN = 8;

/** One take: a button with its picture. */
class TakeButton {
    image = el("img", { alt: "", loading: "lazy", decoding: "async", draggable: false });
    art = icon("film");
    star = icon("star");
    label = el("span");
    caption = el("span", { className: "cap" }, this.star, this.label);
    bar = el("span", { className: "fill" });
    button = el(
        "button",
        { type: "button", className: "take", data: { act: "open" } },
        this.art,
        this.image,
        this.bar,
        this.caption,
    );
    item = el("li", {}, this.button);

    /** @param {Job} job @param {number} index @param {Surroundings} around */
    update(job, index, around) {
        const [mode, url, isBest] = [say.modeOf(job), say.pictureURL(job), around.best.has(job.job_id)];
        const seed = job.params?.seed;
        setAttribute(this.image, "src", url);
        this.image.hidden = !url;
        setIcon(this.art, mode === "queued" ? "clock" : mode === "warming" ? "fire" : "film");
        setVars(this.button, say.huesOf(job));
        setVar(this.bar, "--p", mode === "running" ? `${job.progress}%` : "0%");
        const word = mode === "running"
            ? `${job.progress} %`
            : mode === "done"
            ? String(seed ?? `take ${index + 1}`)
            : say.pillOf(job)[1];
        setText(this.label, word);
        this.star.toggleAttribute("hidden", !isBest);
        this.item.className = [mode, isBest ? "best" : "", around.current === job.job_id ? "current" : ""].filter(
            Boolean,
        ).join(" ");
        this.button.dataset.id = job.job_id;
        const state = mode === "done" ? "" : `, ${say.pillOf(job)[1]}`;
        setAttribute(
            this.button,
            "aria-label",
            `Take ${index + 1}, seed ${seed ?? "random"}${isBest ? ", marked best" : ""}${state}`,
        );
    }
}

export class TakeCard extends HTMLElement {
    /** @type {Job[]} */
    jobs = [];
    /** @type {Map<string, TakeButton>} */
    #takes = new Map();
    #more = el("li", { className: "rest" });
    #title = el("h3");
    #pillIcon = icon("check");
    #pillText = el("span");
    #pill = el("span", { className: "pill" }, this.#pillIcon, this.#pillText);
    #info = el("span", { className: "info" });
    #bar = el("progress", { max: 100, "aria-label": "Progress of all takes" });
    #line = el("p", { className: "pl" });
    #list = el("ul", { className: "takes", "aria-label": "Takes" });
    #actions = el("div", { className: "ja" });
    #article = el(
        "article",
        { className: "job wide4", tabIndex: 0 },
        el(
            "div",
            { className: "tx" },
            el("div", { className: "hd" }, this.#title, el("p", { className: "sub" }, this.#pill, this.#info)),
        ),
        this.#bar,
        this.#line,
        this.#list,
        this.#actions,
    );
    #form = "";

    connectedCallback() {
        if (!this.firstChild) this.append(this.#article);
    }

    get target() {
        return this.#article;
    }

    /** The take that actions on the whole card are about: the best, else the one in the player, else the first done. */
    get job() {
        const chosen = this.jobs.find((job) => this.#around?.best.has(job.job_id)) ??
            this.jobs.find((job) => job.job_id === this.#around?.current);
        return chosen ?? this.jobs.find((job) => job.state === "done") ?? this.jobs[0] ?? null;
    }

    /** @type {Surroundings | null} */
    #around = null;

    /** @param {Row} row @param {Surroundings} around */
    update(row, around) {
        this.jobs = row.jobs;
        this.#around = around;
        const first = row.jobs[0];
        setText(this.#title, say.titleOf(first));
        const [running, queued, done] = ["running", "queued", "done"].map((state) =>
            row.jobs.filter((job) => job.state === state)
        );
        const lead = running.find((job) => say.modeOf(job) === "warming") ?? running[0] ?? queued[0] ?? first;
        const [picture, word] = say.pillOf(lead);
        setIcon(this.#pillIcon, picture);
        setText(
            this.#pillText,
            done.length && done.length < row.jobs.length ? `${word} · ${done.length} of ${row.jobs.length} done` : word,
        );
        const mode = say.modeOf(lead);
        this.#pill.className = `pill ${mode}`;
        setAttribute(
            this.#article,
            "aria-label",
            `${count(row.jobs.length, "take")}, ${word}: ${say.titleOf(first).slice(0, 120)}`,
        );
        const costs = row.jobs.map(costOf).filter((cost) => cost !== null);
        const length = say.lengthOf(first);
        const facts = [count(row.jobs.length, "take"), say.sizeOf(first), length ? `${say.round(length)} s` : ""];
        if (costs.length) facts.push(money(costs.reduce((sum, cost) => sum + cost, 0)));
        setText(this.#info, facts.filter(Boolean).join(" · "));
        this.#updateTakes(around);
        this.#updateButtons(done.length, running.length + queued.length);
        this.refresh(around);
    }

    /** @param {Surroundings} around */
    #updateTakes(around) {
        const shown = this.jobs.slice(0, SHOWN);
        const ids = new Set(shown.map((job) => job.job_id));
        for (const id of this.#takes.keys()) if (!ids.has(id)) this.#takes.delete(id);
        const items = shown.map((job, index) => {
            const take = this.#takes.get(job.job_id) ?? new TakeButton();
            this.#takes.set(job.job_id, take);
            take.update(job, index, around);
            return take.item;
        });
        const rest = this.jobs.length - shown.length;
        setText(this.#more, `and ${rest} more`);
        arrange(this.#list, rest > 0 ? [...items, this.#more] : items);
        this.#list.dataset.count = String(Math.min(shown.length, 4));
    }

    /** @param {number} done @param {number} active */
    #updateButtons(done, active) {
        const form = `${done > 1} ${active > 0}`;
        if (form === this.#form) return;
        this.#form = form;
        const hadFocus = this.#actions.contains(document.activeElement);
        const more = iconButton("more", "More actions", "menu");
        more.setAttribute("aria-haspopup", "menu");
        this.#actions.replaceChildren(
            ...(done > 1 ? [iconButton("cmp", "Compare takes", "compare")] : []),
            ...(active > 0 ? [iconButton("x", "Cancel what is not done", "cancel")] : []),
            iconButton("copy", "Duplicate and edit", "duplicate"),
            ...(active > 0 ? [] : [iconButton("trash", "Delete all takes", "delete")]),
            more,
        );
        if (hadFocus) this.#article.focus({ preventScroll: true });
    }

    /** @param {Surroundings} around */
    refresh(around) {
        this.#around = around;
        const active = this.jobs.filter((job) => job.state === "running" || job.state === "queued");
        this.#bar.hidden = active.length === 0;
        this.#line.hidden = active.length === 0;
        if (active.length === 0) return;
        const running = active.filter((job) => job.state === "running");
        const whole = this.jobs.reduce((sum, job) => sum + (job.state === "done" ? 100 : job.progress), 0) /
            this.jobs.length;
        if (this.#bar.value !== whole) this.#bar.value = whole;
        const left = running.map((job) => around.estimates.left(job, around.now)).filter((one) => one !== null);
        const beat = running.map((job) => say.heartbeatAge(job, around.now)).find(Boolean) ?? "";
        const place = around.places.get(active[0].job_id);
        const soon = left.length
            ? `take ready in ${clock(Math.min(...left))}`
            : running.length
            ? ""
            : place
            ? `${count(place, "job")} before it`
            : "next up";
        const paused = around.isPaused && !running.length ? "the queue is paused" : "";
        setText(this.#line, [`${Math.round(whole)} %`, soon, beat, paused].filter(Boolean).join(" · "));
    }
}
customElements.define("take-card", TakeCard);
