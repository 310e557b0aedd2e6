// Deleting that can be undone: the card goes at once, the job ten seconds later.

/** @import { Job } from "./types.js" */
/** @import { Store } from "./store.js" */
import { remove } from "./api.js";
import { bytes, count } from "./format.js";
import { complain, toast } from "./toast.js";

/** Within so many seconds it can be undone. */
const GRACE = 10;

export class Trash {
    /** @type {Map<string[], number>} */
    #pending = new Map();
    #store;

    /** @param {Store} store */
    constructor(store) {
        this.#store = store;
        // Who leaves the page meant what they did.
        addEventListener("pagehide", () => this.#emptyNow());
    }

    /** @param {Job[]} jobs @param {number} [seconds] */
    delete(jobs, seconds = GRACE) {
        if (jobs.length === 0) return;
        const ids = jobs.map((job) => job.job_id);
        const size = jobs.flatMap((job) => job.artifacts ?? []).reduce((sum, one) => sum + one.bytes, 0);
        this.#store.dispatch({ kind: "hide", ids });
        this.#store.flush();
        const takeAway = toast(`Deleted ${count(ids.length, "job")}${size ? `, ${bytes(size)}` : ""}`, {
            label: "Undo",
            seconds,
            act: () => {
                clearTimeout(this.#pending.get(ids));
                this.#pending.delete(ids);
                this.#store.dispatch({ kind: "unhide", ids });
                this.#store.flush();
            },
        });
        const timer = setTimeout(() => {
            takeAway();
            this.#pending.delete(ids);
            this.#empty(ids);
        }, seconds * 1000);
        this.#pending.set(ids, timer);
    }

    /** @param {string[]} ids */
    async #empty(ids) {
        for (const id of ids) {
            try {
                await remove(id);
                this.#store.dispatch({ kind: "gone", id });
            } catch (error) {
                this.#store.dispatch({ kind: "unhide", ids: [id] });
                complain(error);
            }
        }
    }

    #emptyNow() {
        for (const [ids, timer] of this.#pending) {
            clearTimeout(timer);
            for (const id of ids) remove(id, true).catch(() => {});
        }
        this.#pending.clear();
    }
}
