// Which cards there are, and in which order.

/** @import { Filter, Job, Row, State_ } from "./types.js" */
import { matches, parseQuery } from "./query.js";

const ENDED_BADLY = new Set(["failed", "canceled"]);
const TAKES = new Set(["RENDER", "IMG2VID", "LIPSYNC"]);

/**
 * What follows from a job alone. Ten thousand of them are put in order several times a second, so it is kept.
 * @typedef {{created: number, started: number, ended: number, takes: string | null}} Facts
 */

/** @type {WeakMap<Job, Facts>} */
const known = new WeakMap();

/** @param {Job} job @returns {Facts} */
function factsOf(job) {
    const old = known.get(job);
    if (old) return old;
    const time = (/** @type {string | null | undefined} */ text) => (text ? Date.parse(text) : 0);
    const created = time(job.created_at);
    // An event tells 200 characters of the prompt, so no more may count.
    const isTake = TAKES.has(job.type) && job.prompt && !ENDED_BADLY.has(job.state);
    const facts = {
        created,
        started: time(job.started_at) || created,
        ended: time(job.finished_at ?? job.updated_at) || created,
        takes: isTake ? `${job.type} ${job.prompt?.slice(0, 200)}` : null,
    };
    known.set(job, facts);
    return facts;
}

/**
 * What the takes of one prompt have in common; null for jobs that stand alone.
 * @param {Job} job
 * @returns {string | null}
 */
export function takesKey(job) {
    return factsOf(job).takes;
}

/** @param {string | null | undefined} text */
const time = (text) => (text ? Date.parse(text) : 0);

/** @param {Job} job */
function rank(job) {
    if (job.state === "running") return 0;
    return job.state === "queued" ? 1 : 2;
}

/**
 * Jobs that wait, in the order in which they will start.
 * @param {Iterable<Job>} jobs
 */
export function waiting(jobs) {
    return [...jobs]
        .filter((job) => job.state === "queued")
        .sort((a, b) =>
            (b.priority ?? 0) - (a.priority ?? 0) ||
            time(a.scheduled_for ?? a.created_at) - time(b.scheduled_for ?? b.created_at) ||
            (a.job_id < b.job_id ? -1 : 1)
        );
}

/**
 * All cards that fit the filter: what runs, what waits in the order of its start, what has ended, newest first.
 * @param {State_} state
 * @param {Filter} filter
 * @returns {Row[]}
 */
export function rows(state, filter) {
    const query = parseQuery(filter.text);
    const isAll = query.words.length + query.fields.length === 0;
    const places = new Map(waiting(state.jobs.values()).map((job, index) => [job.job_id, index]));
    /** @type {Map<string, Row>} */
    const found = new Map();
    for (const job of state.jobs.values()) {
        if (state.hidden.has(job.job_id) || !isOfState(job, filter.state)) continue;
        if (!isAll && !matches(job, query)) continue;
        const key = takesKey(job) ?? job.job_id;
        const row = found.get(key);
        const [own, order] = [rank(job), orderOf(job, places)];
        if (!row) found.set(key, { key, jobs: [job], rank: own, order });
        else {
            row.jobs.push(job);
            if (own < row.rank || (own === row.rank && order < row.order)) [row.rank, row.order] = [own, order];
        }
    }
    const list = [...found.values()];
    for (const row of list) {
        if (row.jobs.length > 1) {
            row.jobs.sort((a, b) => factsOf(a).created - factsOf(b).created || (a.job_id < b.job_id ? -1 : 1));
        }
        // The first take gives the card its name, so that a job that fails, or gets a second take, keeps its card.
        row.key = row.jobs[0].job_id;
    }
    return list.sort((a, b) => a.rank - b.rank || a.order - b.order || (a.key < b.key ? -1 : 1));
}

/**
 * @param {Job} job
 * @param {Map<string, number>} places
 */
function orderOf(job, places) {
    if (job.state === "running") return factsOf(job).started;
    if (job.state === "queued") return places.get(job.job_id) ?? 0;
    return -factsOf(job).ended;
}

/**
 * @param {Job} job
 * @param {Filter["state"]} wanted
 */
export function isOfState(job, wanted) {
    if (wanted === "all") return true;
    return wanted === "active" ? job.state === "queued" || job.state === "running" : job.state === wanted;
}

/**
 * The order to show while the user's hand is on the list: what is there stays where it is, and what is new waits.
 * @param {Row[]} shown
 * @param {Row[]} wanted
 * @returns {{rows: Row[], fresh: number}} and how many cards wait
 */
export function held(shown, wanted) {
    const now = new Map(wanted.map((row) => [row.key, row]));
    const rows = shown.map((row) => now.get(row.key)).filter((row) => row !== undefined);
    const there = new Set(rows.map((row) => row.key));
    const fresh = wanted.filter((row) => !there.has(row.key));
    // What belongs behind everything that is shown moves nothing there.
    const follows = (/** @type {Row} */ a, /** @type {Row} */ b) =>
        a.rank > b.rank || (a.rank === b.rank && a.order > b.order);
    const last = rows.reduce((/** @type {Row | null} */ far, row) => (!far || follows(row, far) ? row : far), null);
    const tail = fresh.filter((row) => !last || follows(row, last));
    return { rows: [...rows, ...tail], fresh: fresh.length - tail.length };
}
