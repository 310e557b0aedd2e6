// The list of cards. Only those in sight exist; each is placed by its key and changed in place, so that nothing under
// the pointer jumps and no focus, selection or menu is lost.

/** @import { Surroundings } from "./job-card.js" */
/** @import { Row } from "./types.js" */
import { arrange, setAttribute, setVar } from "./el.js";
import { JobCard } from "./job-card.js";
import { held } from "./rows.js";
import { TakeCard } from "./take-card.js";

/** Beyond the edges of what is seen, in pixels. */
const MARGIN = 700;
const GAP = 8;
/** So many cards out of sight are kept. */
const SPARES = 24;
/** The height of a card that was never seen, in pixels. */
const GUESS = { job: 102, takes: 190 };

export class JobList extends HTMLElement {
    /** @type {Row[]} */
    #rows = [];
    /** @type {Row[]} */
    #wanted = [];
    /** @type {Map<string, JobCard | TakeCard>} */
    #cards = new Map();
    /** @type {Map<string, number>} */
    #heights = new Map();
    /** Cards that look alike are alike in height. @type {Map<string, number>} */
    #usual = new Map();
    /** @type {number[]} */
    #tops = [];
    /** How far the list begins below the top of what scrolls; asked only when nothing waits to be laid out. */
    #offset = 0;
    /** @type {Surroundings | null} */
    #around = null;
    /** @type {HTMLElement | null} */
    #scroller = null;
    #isUnderHand = false;
    #isAsked = false;
    #width = 0;
    /** @type {JobCard[]} */
    #spare = [];
    #sizes = new ResizeObserver((entries) => this.#measure(entries));

    connectedCallback() {
        this.#scroller = this.closest(".scroller");
        this.#scroller?.addEventListener("scroll", () => this.#ask(), { passive: true });
        this.#sizes.observe(this);
        if (this.#scroller) this.#sizes.observe(this.#scroller);
        this.addEventListener("pointerenter", (event) => {
            if (event.pointerType === "mouse") this.#isUnderHand = true;
        });
        this.addEventListener("pointerleave", () => {
            this.#isUnderHand = false;
            this.#settle();
        });
        this.addEventListener("focusout", () => setTimeout(() => this.#settle(), 0));
    }

    /** The rows as they are shown. */
    get rows() {
        return this.#rows;
    }

    /** The cards that exist. */
    get cards() {
        return this.#cards.values();
    }

    /** Whether somebody points at it, or is in it with the keyboard or a selection. */
    get isHeld() {
        const selection = getSelection();
        const isSelected = selection && !selection.isCollapsed && this.contains(selection.anchorNode);
        return this.#isUnderHand || this.contains(document.activeElement) || Boolean(isSelected);
    }

    /**
     * What is to be shown from now on.
     * @param {Row[]} rows
     * @param {Surroundings} around
     * @param {boolean} isAnew another list than before: nothing of the old order is to be kept
     */
    show(rows, around, isAnew) {
        this.#wanted = rows;
        this.#around = around;
        if (isAnew) this.#scroller?.scrollTo(0, 0);
        this.#apply(!isAnew && this.isHeld && this.#rows.length > 0);
    }

    /** Shows what waited. */
    release() {
        this.#apply(false);
        this.#scroller?.scrollTo({ top: 0 });
    }

    /** What changes by time alone. @param {Surroundings} around */
    refresh(around) {
        this.#around = around;
        for (const card of this.#cards.values()) card.refresh(around);
    }

    /**
     * Brings a row into sight.
     * @param {string} key
     */
    reveal(key) {
        const index = this.#rows.findIndex((row) => row.key === key);
        if (index < 0 || !this.#scroller) return null;
        const [top, height] = [this.#tops[index] + this.#offset, this.#height(this.#rows[index])];
        const { scrollTop, clientHeight } = this.#scroller;
        if (top < scrollTop + 50) this.#scroller.scrollTop = top - 50;
        else if (top + height > scrollTop + clientHeight) this.#scroller.scrollTop = top + height - clientHeight + 12;
        this.#render();
        return this.#cards.get(key) ?? null;
    }

    #settle() {
        if (!this.isHeld && this.#rows.length > 0 && this.#around) this.#apply(false);
    }

    /** @param {boolean} isHeld */
    #apply(isHeld) {
        const anchor = this.#anchor();
        const { rows, fresh } = isHeld ? held(this.#rows, this.#wanted) : { rows: this.#wanted, fresh: 0 };
        this.#rows = rows;
        this.#layOut();
        this.#render(true);
        if (anchor) this.#restore(anchor);
        this.dispatchEvent(new CustomEvent("fresh", { detail: fresh }));
    }

    /** The first card in sight, and how far it stands below the upper edge; none while the list is at its top. */
    #anchor() {
        const scroller = this.#scroller;
        if (!scroller || scroller.scrollTop < 60) return null;
        const edge = scroller.scrollTop - this.#offset;
        const index = this.#indexAt(edge);
        const row = this.#rows[index];
        return row ? { key: row.key, distance: this.#tops[index] - edge } : null;
    }

    /** @param {{key: string, distance: number}} anchor */
    #restore({ key, distance }) {
        const index = this.#rows.findIndex((row) => row.key === key);
        if (index < 0 || !this.#scroller) return;
        const wanted = this.#tops[index] - distance + this.#offset;
        if (Math.abs(wanted - this.#scroller.scrollTop) >= 1) this.#scroller.scrollTop = wanted;
    }

    /** @param {Row} row */
    #height(row) {
        return this.#heights.get(row.key) ?? this.#usual.get(lookOf(row)) ??
            (row.jobs.length > 1 ? GUESS.takes : GUESS.job);
    }

    #layOut() {
        const tops = [];
        let top = 0;
        for (const row of this.#rows) {
            tops.push(top);
            top += this.#height(row) + GAP;
        }
        this.#tops = tops;
        setVar(this, "--height", `${Math.max(0, top - GAP)}px`);
    }

    /** The last row that begins at or above this height. @param {number} y */
    #indexAt(y) {
        let [low, high] = [0, this.#tops.length - 1];
        while (low < high) {
            const middle = Math.ceil((low + high) / 2);
            if (this.#tops[middle] <= y) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    #ask() {
        if (this.#isAsked) return;
        this.#isAsked = true;
        requestAnimationFrame(() => {
            this.#isAsked = false;
            this.#render();
        });
    }

    /** @param {boolean} [isChanged] whether the jobs themselves may have changed */
    #render(isChanged = false) {
        const scroller = this.#scroller;
        if (!scroller || !this.#around) return;
        const above = scroller.scrollTop - this.#offset;
        const first = this.#indexAt(above - MARGIN);
        const last = this.#indexAt(above + scroller.clientHeight + MARGIN);
        /** @type {(JobCard | TakeCard)[]} */
        const wanted = [];
        const keep = new Map();
        const pinned = this.#pinned();
        const indices = [];
        for (let index = first; index <= last && index < this.#rows.length; index += 1) indices.push(index);
        const stays = pinned === null ? -1 : this.#rows.findIndex((row) => row.key === pinned);
        if (stays >= 0 && stays < first) indices.unshift(stays);
        else if (stays > last) indices.push(stays);
        this.#retire(new Set(indices.map((index) => this.#rows[index].key)));
        for (const index of indices) {
            const row = this.#rows[index];
            const card = this.#card(row, isChanged);
            setVar(card, "--y", `${this.#tops[index]}px`);
            keep.set(row.key, card);
            wanted.push(card);
        }
        for (const [key, card] of this.#cards) if (keep.get(key) !== card) this.#sizes.unobserve(card);
        this.#cards = keep;
        arrange(this, wanted);
        // A feed without articles is none.
        setAttribute(this, "role", wanted.length ? "feed" : "group");
        if (last >= this.#rows.length - 10) this.dispatchEvent(new CustomEvent("end"));
    }

    /** Cards out of sight serve again: to change one costs less than to build one. @param {Set<string>} wanted */
    #retire(wanted) {
        for (const [key, card] of this.#cards) {
            if (wanted.has(key)) continue;
            this.#cards.delete(key);
            this.#sizes.unobserve(card);
            if (card instanceof JobCard && this.#spare.length < SPARES) this.#spare.push(card);
        }
    }

    /** The card with the focus stays, wherever it is scrolled to. */
    #pinned() {
        for (const [key, card] of this.#cards) if (card.contains(document.activeElement)) return key;
        return null;
    }

    /** @param {Row} row @param {boolean} isChanged */
    #card(row, isChanged) {
        const around = /** @type {Surroundings} */ (this.#around);
        const Kind = row.jobs.length > 1 ? TakeCard : JobCard;
        const known = this.#cards.get(row.key);
        if (known instanceof Kind) {
            if (isChanged) known.update(row, around);
            return known;
        }
        const card = (Kind === JobCard ? this.#spare.pop() : null) ?? new Kind();
        card.dataset.key = row.key;
        card.update(row, around);
        this.#sizes.observe(card);
        return card;
    }

    /** @param {ResizeObserverEntry[]} entries */
    #measure(entries) {
        this.#offset = this.offsetTop;
        const anchor = this.#anchor();
        let isChanged = false;
        if (this.offsetWidth !== this.#width) {
            // Another width: what was measured is not true any more.
            this.#width = this.offsetWidth;
            this.#heights.clear();
            this.#usual.clear();
            for (const [key, card] of this.#cards) this.#note(key, card.offsetHeight);
            isChanged = true;
        }
        for (const { target } of entries) {
            const key = target instanceof HTMLElement ? target.dataset.key : undefined;
            if (key && this.#cards.get(key) === target) {
                isChanged = this.#note(key, /** @type {HTMLElement} */ (target).offsetHeight) || isChanged;
            } else if (target === this.#scroller) isChanged = true;
        }
        if (!isChanged) return;
        this.#layOut();
        if (anchor) this.#restore(anchor);
        this.#render();
    }

    /** @param {string} key @param {number} height @returns {boolean} whether cards must be placed anew */
    #note(key, height) {
        if (!height || this.#heights.get(key) === height) return false;
        const row = this.#rows.find((one) => one.key === key);
        const before = row ? this.#height(row) : undefined;
        this.#heights.set(key, height);
        if (row) this.#usual.set(lookOf(row), height);
        return before !== height;
    }
}

/** What decides how high a card is, but for the lengths of its texts. @param {Row} row */
function lookOf(row) {
    return `${row.jobs[0].state} ${Math.min(row.jobs.length, 5)}`;
}
customElements.define("job-list", JobList);
