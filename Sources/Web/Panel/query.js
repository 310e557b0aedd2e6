// What is typed into the search field.

/** @import { Job } from "./types.js" */

/**
 * @typedef {object} Query
 * @property {string[]} words in lower case; all must be found in the prompt, the id or the type
 * @property {[string, string][]} fields `seed:77`, `state:failed`, `type:export`, `code:worker_timeout`, …
 */

/**
 * @param {string} text
 * @returns {Query}
 */
export function parseQuery(text) {
    /** @type {Query} */
    const query = { words: [], fields: [] };
    for (const part of text.toLowerCase().split(/\s+/).filter(Boolean)) {
        const [, name, value] = part.match(/^(state|type|seed|code|id|resolution):(.+)$/) ?? [];
        if (name && value) query.fields.push([name, value]);
        else query.words.push(part);
    }
    return query;
}

/**
 * @param {Job} job
 * @param {Query} query
 */
export function matches(job, query) {
    if (query.words.length > 0) {
        const text = `${job.prompt ?? ""} ${job.job_id} ${job.type} ${job.params?.seed ?? ""}`.toLowerCase();
        if (!query.words.every((word) => text.includes(word))) return false;
    }
    return query.fields.every(([name, value]) => {
        switch (name) {
            case "state":
                return job.state.startsWith(value) || (value === "active" && ["queued", "running"].includes(job.state));
            case "type":
                return job.type.toLowerCase().startsWith(value);
            case "seed":
                return String(job.params?.seed ?? "") === value;
            case "code":
                return (job.error?.code ?? "").startsWith(value);
            case "id":
                return job.job_id.startsWith(value);
            default:
                return String(job.params?.resolution ?? "") === value;
        }
    });
}

/**
 * What the daemon can search by itself; the rest is sorted out here.
 * @param {Query} query
 */
export function serverQuery(query) {
    const parameters = new URLSearchParams();
    const state = query.fields.find(([name]) => name === "state")?.[1];
    if (state && ["queued", "running", "done", "failed", "canceled", "active"].includes(state)) {
        parameters.set("state", state);
    }
    // The longest word narrows most.
    const word = [...query.words].sort((a, b) => b.length - a.length)[0];
    if (word) parameters.set("q", word);
    return parameters;
}
