// Shares one stream among the pages of a browser.

/** @import { Action, QueueFacts } from "./types.js" */

/** With no page in sight for so long the stream is closed, in milliseconds. */
export const PATIENCE = 60000;

/**
 * @typedef {object} Port
 * @property {(message: Action[]) => void} postMessage
 */

/** Knows the pages, which of them are seen, and what a page that comes later must be told first. */
export class Hub {
    /** @type {Map<Port, boolean>} whether it is seen */
    #pages = new Map();
    /** @type {Extract<Action, {kind: "link"}> | null} */
    #link = null;
    /** @type {QueueFacts | null} */
    #queue = null;
    /** @type {number | undefined} */
    #timer;
    #stream;

    /** @param {{start: () => void, stop: () => void}} stream */
    constructor(stream) {
        this.#stream = stream;
    }

    /**
     * A page says how it is: seen, hidden or leaving.
     * @param {Port} port
     * @param {"seen" | "hidden" | "leaving"} how
     */
    hear(port, how) {
        if (how === "leaving") this.#pages.delete(port);
        else {
            const isNew = !this.#pages.has(port);
            this.#pages.set(port, how === "seen");
            if (isNew) this.#greet(port);
        }
        if ([...this.#pages.values()].includes(true)) {
            clearTimeout(this.#timer);
            this.#timer = undefined;
            this.#stream.start();
        } else if (this.#timer === undefined) {
            this.#timer = setTimeout(() => {
                this.#timer = undefined;
                this.#stream.stop();
            }, PATIENCE);
        }
    }

    /** @param {Port} port */
    #greet(port) {
        /** @type {Action[]} */
        const first = [];
        if (this.#link) first.push(this.#link);
        if (this.#queue) first.push({ kind: "queue", queue: this.#queue });
        if (first.length) port.postMessage(first);
    }

    /**
     * What the stream says, for all pages.
     * @param {Action[]} actions
     */
    tell(actions) {
        for (const action of actions) {
            if (action.kind === "link") this.#link = action;
            if (action.kind === "queue") this.#queue = action.queue;
        }
        for (const port of this.#pages.keys()) port.postMessage(actions);
    }
}
