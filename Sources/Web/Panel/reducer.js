// What follows from what happened, as a pure function.

/** @import { Action, Job, State_ } from "./types.js" */

/** So many ids are remembered as touched; older ones are forgotten. */
const TOUCHED_LIMIT = 20000;

/** @returns {State_} */
export function emptyState() {
    return {
        jobs: new Map(),
        queue: null,
        link: "connecting",
        lostSince: null,
        hidden: new Set(),
        counts: null,
        storage: null,
        runpod: null,
        clock: 0,
        touched: new Map(),
        isLoaded: false,
        isRefused: false,
    };
}

/**
 * The job as it is known after an event, which tells no parameters.
 * @param {Job | undefined} old
 * @param {Job} told
 * @returns {Job}
 */
export function merged(old, told) {
    if (told.params) {
        return { ...told, prompt: told.params.prompt ?? told.params.text ?? told.prompt ?? null, stale: false };
    }
    if (!old) return { ...told, stale: true };
    // A change while it waits may be one of its parameters; a start writes its seed.
    const mayDiffer = told.state === "queued" || told.state !== old.state || told.attempt !== old.attempt;
    const prompt = old.prompt && told.prompt && old.prompt.startsWith(told.prompt) ? old.prompt : told.prompt ?? null;
    return {
        ...told,
        prompt,
        ...(old.params ? { params: old.params } : {}),
        ...(old.remote_runs ? { remote_runs: old.remote_runs } : {}),
        stale: old.stale || mayDiffer,
    };
}

/**
 * The state after some actions. All of a batch happen at one moment of the clock.
 * @param {State_} state
 * @param {Action[]} actions
 * @returns {State_}
 */
export function reduce(state, actions) {
    if (actions.length === 0) return state;
    const next = { ...state, clock: state.clock + 1 };
    const jobs = new Map(state.jobs);
    const touched = new Map(state.touched);
    for (const action of actions) apply(next, jobs, touched, action);
    if (touched.size > TOUCHED_LIMIT) {
        const surplus = touched.size - TOUCHED_LIMIT / 2;
        for (const id of [...touched.keys()].slice(0, surplus)) touched.delete(id);
    }
    next.jobs = jobs;
    next.touched = touched;
    return next;
}

/**
 * @param {State_} next
 * @param {Map<string, Job>} jobs
 * @param {Map<string, number>} touched
 * @param {Action} action
 */
function apply(next, jobs, touched, action) {
    switch (action.kind) {
        case "job":
            jobs.set(action.job.job_id, merged(jobs.get(action.job.job_id), action.job));
            touch(touched, action.job.job_id, next.clock);
            break;
        case "gone":
            jobs.delete(action.id);
            touch(touched, action.id, next.clock);
            next.hidden = without(next.hidden, [action.id]);
            break;
        case "queue":
            next.queue = action.queue;
            break;
        case "reset":
            // What was told may be wrong; what is shown stays until the page that replaces it is there.
            touched.clear();
            break;
        case "link":
            next.lostSince = action.link === "lost" ? next.lostSince ?? action.at : null;
            next.link = action.link;
            break;
        case "page":
            applyPage(jobs, touched, action);
            next.isLoaded = true;
            next.isRefused = false;
            break;
        case "hide":
            next.hidden = new Set([...next.hidden, ...action.ids]);
            break;
        case "unhide":
            next.hidden = without(next.hidden, action.ids);
            break;
        case "facts":
            if (action.counts) next.counts = action.counts;
            if (action.storage) next.storage = action.storage;
            if (action.isRefused !== undefined) next.isRefused = action.isRefused;
            if (action.runpod !== undefined) next.runpod = action.runpod;
            break;
    }
}

/**
 * A page was asked for at one moment and came at a later one: events in between know better.
 * @param {Map<string, Job>} jobs
 * @param {Map<string, number>} touched
 * @param {Extract<Action, {kind: "page"}>} action
 */
function applyPage(jobs, touched, { jobs: page, asOf, isWhole }) {
    if (isWhole) {
        const named = new Set(page.map((job) => job.job_id));
        for (const id of jobs.keys()) {
            if (!named.has(id) && (touched.get(id) ?? -1) <= asOf) jobs.delete(id);
        }
    }
    for (const job of page) {
        const id = job.job_id;
        if ((touched.get(id) ?? -1) <= asOf) {
            jobs.set(id, merged(undefined, job));
            continue;
        }
        const known = jobs.get(id);
        // Parameters do not come with events, so what the page says of them is still the best there is.
        if (known && !known.params && job.params) {
            const stale = known.state !== job.state || known.attempt !== job.attempt;
            jobs.set(id, { ...known, params: job.params, remote_runs: job.remote_runs, stale });
        }
    }
}

/**
 * @param {Map<string, number>} touched
 * @param {string} id
 * @param {number} clock
 */
function touch(touched, id, clock) {
    touched.delete(id);
    touched.set(id, clock);
}

/**
 * @param {ReadonlySet<string>} set
 * @param {string[]} ids
 */
function without(set, ids) {
    if (!ids.some((id) => set.has(id))) return set;
    const rest = new Set(set);
    for (const id of ids) rest.delete(id);
    return rest;
}
