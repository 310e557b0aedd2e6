// The one place that holds what the page knows.

/** @import { Action, State_ } from "./types.js" */
import { emptyState, reduce } from "./reducer.js";

/** Between two rounds of telling; more events than that a second are told together. */
const PACE = 100;

/** Holds the state, gathers actions, and tells listeners at most ten times a second. */
export class Store {
    /** @type {State_} */
    #state = emptyState();
    /** @type {Action[]} */
    #waiting = [];
    /** @type {Set<(state: State_) => void>} */
    #listeners = new Set();
    #isScheduled = false;
    #last = -Infinity;
    #schedule;
    #now;

    /**
     * @param {(work: () => void, milliseconds: number) => void} [schedule]
     * @param {() => number} [now] milliseconds
     */
    constructor(schedule = (work, wait) => void setTimeout(work, wait), now = () => performance.now()) {
        this.#schedule = schedule;
        this.#now = now;
    }

    /** The present state; actions that wait are not in it. */
    get state() {
        return this.#state;
    }

    /** The clock for an answer that is asked for now: what happens later knows better. */
    get asOf() {
        this.flush();
        return this.#state.clock;
    }

    /** @param {Action[]} actions */
    dispatch(...actions) {
        this.#waiting.push(...actions);
        if (this.#isScheduled) return;
        this.#isScheduled = true;
        const since = this.#now() - this.#last;
        this.#schedule(() => this.flush(), Math.max(0, PACE - since));
    }

    /** Carries out what waits, now. */
    flush() {
        this.#isScheduled = false;
        if (this.#waiting.length === 0) return;
        const actions = this.#waiting;
        this.#waiting = [];
        this.#state = reduce(this.#state, actions);
        this.#last = this.#now();
        for (const listener of this.#listeners) listener(this.#state);
    }

    /**
     * @param {(state: State_) => void} listener
     * @returns {() => void} ends it
     */
    subscribe(listener) {
        this.#listeners.add(listener);
        listener(this.#state);
        return () => this.#listeners.delete(listener);
    }
}
