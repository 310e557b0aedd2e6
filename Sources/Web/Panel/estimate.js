// How long jobs take, told by those that ended. Nothing is guessed: with fewer than three there is no estimate.

/** @import { Job } from "./types.js" */

/** So many ended jobs of a kind count. */
const SAMPLE = 20;
const ENOUGH = 3;

/**
 * Jobs of one kind take about as long.
 * @param {string} type
 * @param {import("./types.js").Params} params
 */
export function kindOf(type, params) {
    const length = params.duration ?? (params.num_frames && params.fps ? params.num_frames / params.fps : "");
    return [type, params.backend ?? "", params.resolution ?? `${params.width ?? ""}x${params.height ?? ""}`, length]
        .join(" ");
}

/** @param {Job} job */
function seconds(job) {
    if (job.state !== "done" || !job.started_at || !job.finished_at) return null;
    return (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
}

/** @param {Job} job */
export function costOf(job) {
    const costs = (job.remote_runs ?? []).map((run) => run.cost_usd).filter((cost) =>
        cost !== undefined && cost !== null
    );
    return costs.length ? costs.reduce((sum, cost) => sum + cost, 0) : null;
}

/** @param {number[]} values */
function median(values) {
    if (values.length < ENOUGH) return null;
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
}

/** What the ended jobs say of those to come. */
export class Estimates {
    /** @type {Map<string, {seconds: number[], costs: number[]}>} */
    #kinds = new Map();

    /** @param {Iterable<Job>} jobs */
    constructor(jobs) {
        const ended = [...jobs].filter((job) => job.state === "done" && job.params && job.finished_at);
        ended.sort((a, b) => ((a.finished_at ?? "") < (b.finished_at ?? "") ? 1 : -1));
        for (const job of ended) {
            const took = seconds(job);
            if (took === null) continue;
            const kind = kindOf(job.type, job.params ?? {});
            const known = this.#kinds.get(kind) ?? { seconds: [], costs: [] };
            this.#kinds.set(kind, known);
            if (known.seconds.length >= SAMPLE) continue;
            known.seconds.push(took);
            const cost = costOf(job);
            if (cost !== null) known.costs.push(cost);
        }
    }

    /**
     * Seconds from start to end; null when too little is known.
     * @param {string} type
     * @param {import("./types.js").Params} params
     */
    seconds(type, params) {
        return median(this.#kinds.get(kindOf(type, params))?.seconds ?? []);
    }

    /**
     * US dollars for one job; null when too little is known.
     * @param {string} type
     * @param {import("./types.js").Params} params
     */
    cost(type, params) {
        return median(this.#kinds.get(kindOf(type, params))?.costs ?? []);
    }

    /**
     * Seconds until a running job ends: by its own progress once that says something, else by its kind.
     * @param {Job} job
     * @param {number} now milliseconds
     */
    left(job, now) {
        if (job.state !== "running" || !job.started_at) return null;
        const elapsed = (now - Date.parse(job.started_at)) / 1000;
        if (job.progress >= 10 && job.progress < 100 && elapsed >= 3) {
            return elapsed * (100 - job.progress) / job.progress;
        }
        const whole = job.params ? this.seconds(job.type, job.params) : null;
        return whole === null || whole <= elapsed ? null : whole - elapsed;
    }
}

/**
 * When each waiting job will start, with one slot; a job whose predecessors are of unknown length has no time.
 * @param {Job[]} running
 * @param {Job[]} queue in the order of their start
 * @param {Estimates} estimates
 * @param {number} now milliseconds
 * @returns {{starts: Map<string, number>, end: number | null}} milliseconds
 */
export function schedule(running, queue, estimates, now) {
    const starts = new Map();
    /** @type {number | null} */
    let at = now;
    for (const job of running) {
        const left = estimates.left(job, now);
        at = left === null || at === null ? null : Math.max(at, now + left * 1000);
    }
    for (const job of queue) {
        if (at === null) break;
        starts.set(job.job_id, at);
        const took = job.params ? estimates.seconds(job.type, job.params) : null;
        at = took === null ? null : at + took * 1000;
    }
    return { starts, end: at };
}
