// The one connection over which the daemon tells what happens. Runs in the SharedWorker, or in a page without one.

/** @import { Action, LinkState } from "./types.js" */

/** Before the next try, in milliseconds; then the last again and again. */
const PAUSES = [250, 500, 1000];

/**
 * What one event means.
 * @param {string} name
 * @param {string} data
 * @returns {Action | null}
 */
export function actionOf(name, data) {
    const value = JSON.parse(data);
    switch (name) {
        case "job":
            return value.deleted ? { kind: "gone", id: value.job_id } : { kind: "job", job: value };
        case "queue":
            return { kind: "queue", queue: value };
        case "reset":
            return { kind: "reset" };
        default:
            return null;
    }
}

/** Keeps an EventSource open, comes back by itself, and goes on where it was. */
export class Stream {
    /** @type {EventSource | null} */
    #source = null;
    #lastID = "";
    #failures = 0;
    /** @type {number | undefined} */
    #timer;
    #isWanted = false;
    #tell;
    #open;

    /**
     * @param {(actions: Action[]) => void} tell
     * @param {(url: string) => EventSource} [open]
     */
    constructor(tell, open = (url) => new EventSource(url)) {
        this.#tell = tell;
        this.#open = open;
    }

    /** Opens it where it is not open. */
    start() {
        this.#isWanted = true;
        if (!this.#source && this.#timer === undefined) this.#connect();
    }

    /** Closes it; the next start goes on from here. */
    stop() {
        this.#isWanted = false;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#source?.close();
        this.#source = null;
    }

    #connect() {
        this.#timer = undefined;
        const since = this.#lastID ? `?since=${encodeURIComponent(this.#lastID)}` : "";
        const source = this.#open(`/events${since}`);
        this.#source = source;
        source.onopen = () => {
            this.#failures = 0;
            this.#link("live");
        };
        for (const name of ["job", "queue", "reset"]) {
            source.addEventListener(name, (event) => {
                const { data, lastEventId } = /** @type {MessageEvent<string>} */ (event);
                this.#lastID = lastEventId;
                const action = actionOf(name, data);
                if (action) this.#tell([action]);
            });
        }
        source.onerror = () => {
            // The browser's own way to come back is slow, and none after an answer that is an error.
            source.close();
            if (this.#source !== source) return;
            this.#source = null;
            this.#link("lost");
            if (!this.#isWanted) return;
            const pause = PAUSES[Math.min(this.#failures, PAUSES.length - 1)];
            this.#failures += 1;
            this.#timer = setTimeout(() => this.#connect(), pause);
        };
    }

    /** @param {LinkState} link */
    #link(link) {
        this.#tell([{ kind: "link", link, at: Date.now() }]);
    }
}
