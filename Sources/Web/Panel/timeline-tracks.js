// The timeline as it is seen: a ruler, the clips, the captions, the music, and the same clips as a list for thumbs.

/** @import { Timeline } from "./timeline.js" */
import { arrange, el, find, iconButton, setAttribute, setText, setVar, setVars } from "./el.js";
import { clock, hash } from "./format.js";
import { lengthOfClip, moved, placed, recaptioned, totalLength, trimmed } from "./timeline-model.js";

export class Tracks {
    #timeline;
    #box = find("#tracks");
    #clips = find("#tl-clips");
    #captions = find("#tl-captions");
    #list = find("#tl-list");
    #ruler = find("#tl-ruler");
    #head = find("#tl-head");
    /** @type {Map<string, HTMLElement>} */
    #items = new Map();

    /** @param {Timeline} timeline */
    constructor(timeline) {
        this.#timeline = timeline;
        this.#box.addEventListener("pointerdown", (event) => this.#press(event));
        this.#ruler.addEventListener("pointerdown", (event) => this.#scrub(event));
        this.#list.addEventListener("click", (event) => this.#listClick(event));
        this.#list.addEventListener("change", (event) => this.#listChange(event));
        this.#box.addEventListener("dblclick", (event) => {
            const id = /** @type {HTMLElement} */ (event.target).closest("[data-caption]")?.getAttribute(
                "data-caption",
            );
            if (id) this.editCaption(id);
        });
        this.#box.addEventListener("focusin", (event) => {
            const item = /** @type {HTMLElement} */ (event.target).closest("li");
            const id = item?.dataset.clip ?? item?.dataset.caption;
            if (id && id !== this.#timeline.selected) this.#timeline.select(id);
        });
    }

    show() {
        const { draft } = this.#timeline;
        const total = Math.max(totalLength(draft), 0.001);
        const percent = (/** @type {number} */ seconds) => `${100 * seconds / total}%`;
        const places = placed(draft);
        arrange(
            this.#clips,
            places.map(({ clip, at, length, fade }, index) => {
                const item = this.#item(`clip ${clip.id}`, () => clipItem(clip.id));
                setVars(item, { "--x": percent(at), "--w": percent(length) });
                item.classList.toggle("fade", fade > 0);
                item.classList.toggle("selected", clip.id === this.#timeline.selected);
                const seconds = `${length.toFixed(1)} s`;
                setText(find("span b", item), clip.name);
                setText(find("small", item), seconds);
                setAttribute(
                    item,
                    "aria-label",
                    `Clip ${index + 1}, ${clip.name}, ${seconds}${fade > 0 ? ", crossfade in" : ""}`,
                );
                return item;
            }),
        );
        arrange(
            this.#captions,
            draft.captions.map((caption) => {
                const item = this.#item(`caption ${caption.id}`, () => captionItem(caption.id, this.#timeline));
                setVars(item, {
                    "--x": percent(caption.start),
                    "--w": percent(Math.min(caption.end, total) - caption.start),
                });
                item.classList.toggle("selected", caption.id === this.#timeline.selected);
                const input = /** @type {HTMLInputElement} */ (find("input", item));
                if (input.value !== caption.text) input.value = caption.text;
                setAttribute(input, "aria-label", `Caption from ${caption.start} to ${caption.end} seconds`);
                return item;
            }),
        );
        const music = find("#tl-sound");
        music.hidden = !draft.music;
        setText(find("span", music), draft.music ? `♪ ${draft.music.name}` : "");
        find("button", music).onclick = () => this.#timeline.change({ ...draft, music: null });
        this.#showRuler(total, percent);
        this.#showList();
        this.showPictures();
        this.showHead();
    }

    /** @param {string} key @param {() => HTMLElement} make */
    #item(key, make) {
        const known = this.#items.get(key);
        if (known) return known;
        const item = make();
        this.#items.set(key, item);
        return item;
    }

    /** @param {number} total @param {(seconds: number) => string} percent */
    #showRuler(total, percent) {
        const step = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find((one) => total / one <= 12) ?? 1200;
        const marks = [];
        for (let at = 0; at < total - step * 0.3; at += step) marks.push(at);
        this.#ruler.replaceChildren(
            ...(totalLength(this.#timeline.draft) > 0 ? marks : []).map((at) =>
                el("span", { vars: { "--x": percent(at) } }, step < 1 ? at.toFixed(1) : clock(at))
            ),
        );
    }

    showHead() {
        const total = totalLength(this.#timeline.draft);
        setVar(this.#head, "--x", total ? `${100 * this.#timeline.at / total}%` : "0%");
    }

    showPictures() {
        for (const clip of this.#timeline.draft.clips) {
            const url = this.#timeline.picture(clip);
            const item = this.#items.get(`clip ${clip.id}`);
            if (item) {
                setVars(item, {
                    "--img": url ? `url("${url}")` : "none",
                    "--h1": hash(clip.source) % 360,
                    "--h2": hash(clip.name) % 360,
                });
            }
            const image = this.#items.get(`list ${clip.id}`)?.querySelector("img");
            if (!image) continue;
            image.hidden = !url;
            setAttribute(image, "src", url);
        }
    }

    #showList() {
        const { draft, selected } = this.#timeline;
        arrange(
            this.#list,
            draft.clips.map((clip, index) => {
                const item = this.#item(`list ${clip.id}`, () => listItem(clip.id));
                item.classList.toggle("selected", clip.id === selected);
                setText(find("b", item), `${index + 1}. ${clip.name}`);
                for (
                    const [name, value, max]
                        of /** @type {[string, number, number][]} */ ([["start", clip.start, clip.length], [
                            "end",
                            clip.end,
                            clip.length,
                        ], ["fade", clip.fade, 5]])
                ) {
                    const input = /** @type {HTMLInputElement} */ (find(`[name=${name}]`, item));
                    input.max = String(max);
                    if (document.activeElement !== input || Number(input.value) !== value) input.value = String(value);
                    setAttribute(
                        input,
                        "aria-label",
                        `${{ start: "From", end: "To", fade: "Crossfade into" }[name]} ${clip.name}, in seconds`,
                    );
                }
                find(".fade", item).hidden = index === 0;
                /** @type {HTMLButtonElement} */ (find("[data-act=earlier]", item)).disabled = index === 0;
                /** @type {HTMLButtonElement} */ (find("[data-act=later]", item)).disabled =
                    index === draft.clips.length - 1;
                for (const [act, word] of [["earlier", "earlier"], ["later", "later"]]) {
                    setAttribute(find(`[data-act=${act}]`, item), "aria-label", `Move ${clip.name} ${word}`);
                }
                setAttribute(find("[data-act=remove]", item), "aria-label", `Take ${clip.name} off the timeline`);
                return item;
            }),
        );
    }

    /** @param {Event} event */
    #listClick(event) {
        const button = /** @type {HTMLElement} */ (event.target).closest("button");
        const id = button?.closest("li")?.dataset.clip;
        if (!id || !button) return;
        if (button.dataset.act === "remove") return this.#timeline.remove(id);
        const by = button.dataset.act === "earlier" ? -1 : 1;
        this.#timeline.change(
            moved(this.#timeline.draft, id, this.#timeline.draft.clips.findIndex((clip) => clip.id === id) + by),
        );
        button.focus();
    }

    /** @param {Event} event */
    #listChange(event) {
        const input = /** @type {HTMLInputElement} */ (event.target);
        const id = input.closest("li")?.dataset.clip;
        const value = Number(input.value);
        if (id && Number.isFinite(value)) {
            this.#timeline.change(trimmed(this.#timeline.draft, id, { [input.name]: value }));
        }
    }

    /** @param {string} id */
    focus(id) {
        this.#items.get(`clip ${id}`)?.focus();
    }

    /** @param {string} id */
    editCaption(id) {
        const input = this.#items.get(`caption ${id}`)?.querySelector("input");
        input?.focus();
        input?.select();
    }

    /** The ruler: moves the head. @param {PointerEvent} event */
    #scrub(event) {
        const box = this.#ruler.getBoundingClientRect();
        const seek = (/** @type {PointerEvent} */ at) =>
            this.#timeline.seek((at.clientX - box.left) / box.width * totalLength(this.#timeline.draft));
        seek(event);
        drag(event, seek);
    }

    /** A clip or a caption: chooses it, moves it, or moves its edge. @param {PointerEvent} event */
    #press(event) {
        const target = /** @type {HTMLElement} */ (event.target);
        const item = target.closest("li");
        if (
            !item || target.closest("button") ||
            (target instanceof HTMLInputElement && document.activeElement === target)
        ) return;
        const perPixel = totalLength(this.#timeline.draft) / this.#clips.getBoundingClientRect().width;
        const edge = /** @type {"start" | "end" | undefined} */ (target.dataset.edge);
        if (item.dataset.clip) this.#pressClip(event, item.dataset.clip, edge, perPixel);
        else if (item.dataset.caption) this.#pressCaption(event, item.dataset.caption, edge, perPixel);
    }

    /** @param {PointerEvent} event @param {string} id @param {"start" | "end" | undefined} edge @param {number} perPixel */
    #pressClip(event, id, edge, perPixel) {
        const timeline = this.#timeline;
        const before = timeline.draft.clips.find((clip) => clip.id === id);
        if (!before) return;
        timeline.select(id);
        const from = event.clientX;
        const label = `drag ${id} ${event.timeStamp}`;
        const item = this.#items.get(`clip ${id}`);
        const box = this.#clips.getBoundingClientRect();
        if (!edge) timeline.seek((from - box.left) * perPixel);
        drag(event, (now) => {
            const by = (now.clientX - from) * perPixel;
            if (edge) return timeline.change(trimmed(timeline.draft, id, { [edge]: before[edge] + by }), label);
            if (Math.abs(now.clientX - from) < 6) return;
            item?.classList.add("dragged");
            const at = (now.clientX - box.left) * perPixel;
            const places = placed(timeline.draft);
            // Its place is behind all clips whose middle the pointer has passed.
            const passed = places.filter(({ clip, at: start }) =>
                clip.id !== id && at > start + lengthOfClip(clip) / 2
            ).length;
            timeline.change(moved(timeline.draft, id, passed), label);
        }, () => item?.classList.remove("dragged"));
    }

    /** @param {PointerEvent} event @param {string} id @param {"start" | "end" | undefined} edge @param {number} perPixel */
    #pressCaption(event, id, edge, perPixel) {
        const timeline = this.#timeline;
        const before = timeline.draft.captions.find((caption) => caption.id === id);
        if (!before) return;
        timeline.select(id);
        const [from, label] = [event.clientX, `drag ${id} ${event.timeStamp}`];
        drag(event, (now) => {
            const by = (now.clientX - from) * perPixel;
            if (Math.abs(now.clientX - from) < 4) return;
            const change = edge
                ? { [edge]: before[edge] + by }
                : { start: Math.max(0, before.start + by), end: before.end + Math.max(by, -before.start) };
            timeline.change(recaptioned(timeline.draft, id, change), label);
        });
    }
}

/**
 * Follows a pointer until it is lifted.
 * @param {PointerEvent} event
 * @param {(event: PointerEvent) => void} move
 * @param {() => void} [done]
 */
function drag(event, move, done = () => {}) {
    const end = new AbortController();
    const stop = () => {
        end.abort();
        done();
    };
    addEventListener("pointermove", (now) => now.pointerId === event.pointerId && move(now), { signal: end.signal });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, stop, { signal: end.signal });
}

/** @param {string} edge */
const handle = (edge) => el("i", { className: `edge ${edge}`, data: { edge } });

/** @param {string} id */
function clipItem(id) {
    return el(
        "li",
        { tabIndex: 0, data: { clip: id } },
        el("span", {}, el("b"), " ", el("small")),
        handle("start"),
        handle("end"),
    );
}

/** @param {string} id @param {Timeline} timeline */
function captionItem(id, timeline) {
    const input = el("input", { type: "text", placeholder: "Caption", maxLength: 200 });
    input.oninput = () => timeline.recaption(id, { text: input.value }, `text ${id}`);
    input.onkeydown = (event) => {
        if (event.key === "Enter" || event.key === "Escape") input.blur();
        if (event.key === "Delete" && event.shiftKey) timeline.remove(id);
    };
    const remove = iconButton("x", "Remove the caption", "");
    remove.onclick = () => timeline.remove(id);
    return el("li", { data: { caption: id } }, input, remove, handle("start"), handle("end"));
}

/** @param {string} id */
function listItem(id) {
    const number = (/** @type {string} */ name) => el("input", { type: "number", name, min: "0", step: "0.1" });
    const fade = el("span", { className: "fade" }, "fade", number("fade"));
    return el(
        "li",
        { data: { clip: id } },
        el("div", { className: "pic" }, el("img", { alt: "" })),
        el(
            "div",
            { className: "what" },
            el("b"),
            el("div", { className: "cut" }, number("start"), "to", number("end"), "s", fade),
        ),
        iconButton("up", "Earlier", "earlier"),
        iconButton("down", "Later", "later"),
        iconButton("x", "Remove", "remove"),
    );
}
