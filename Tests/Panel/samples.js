// Jobs for the tests.

/** @import { Job, State_ } from "../../Sources/Web/Panel/types.js" */
import { emptyState, reduce } from "../../Sources/Web/Panel/reducer.js";

const START = Date.parse("2026-01-01T12:00:00.000Z");

/** A time so many seconds after noon. @param {number} seconds */
export const at = (seconds) => new Date(START + seconds * 1000).toISOString();

/** @param {string} id @param {Partial<Job>} [fields] @returns {Job} */
export function job(id, fields = {}) {
    return {
        job_id: id,
        type: "RENDER",
        state: "queued",
        progress: 0,
        created_at: at(0),
        updated_at: at(0),
        prompt: id,
        ...fields,
    };
}

/** @param {Job[]} jobs @returns {State_} */
export function stateWith(jobs) {
    return reduce(emptyState(), [{ kind: "page", jobs, asOf: 0 }]);
}
