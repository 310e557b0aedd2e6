// What the page asks the daemon.

/** @import { Artifact, Job, Params, StorageFacts } from "./types.js" */

/** An answer from 400 on, in the daemon's words. */
export class Refusal extends Error {
    /**
     * @param {number} status
     * @param {string} message
     * @param {string} [code]
     * @param {{pointer: string, detail: string}[]} [errors]
     */
    constructor(status, message, code = "", errors = []) {
        super(message);
        this.status = status;
        this.code = code;
        this.errors = errors;
    }
}

/** Milliseconds that the daemon's clock is ahead of ours. */
let skew = 0;

/** The daemon's time, in milliseconds. */
export function now() {
    return Date.now() + skew;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, body?: Blob, headers?: Record<string, string>, keepalive?: boolean}} [options]
 */
async function ask(method, path, { json, body, headers = {}, keepalive = false } = {}) {
    if (json !== undefined) headers = { "Content-Type": "application/json", ...headers };
    const asked = Date.now();
    const answer = await fetch(path, {
        method,
        headers,
        keepalive,
        body: json === undefined ? body ?? null : JSON.stringify(json),
        credentials: "same-origin",
    });
    const date = Date.parse(answer.headers.get("Date") ?? "");
    const took = Date.now() - asked;
    // The header tells whole seconds: only a difference that cannot come from that, or from the way, counts.
    if (date && took < 1000) skew = Math.abs(date + 500 - asked) > 2000 ? date + 500 - asked : 0;
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw new Refusal(
        answer.status,
        problem.detail ?? `The daemon answered ${answer.status}.`,
        problem.code,
        problem.errors,
    );
}

/** @param {string} id */
const at = (id) => `/jobs/${encodeURIComponent(id)}`;

/**
 * Where a file of a job lies, seen from this page.
 * @param {string} id
 * @param {string} name
 */
export function fileURL(id, name) {
    return `${at(id)}/artifacts/${encodeURIComponent(name)}`;
}

/**
 * Where a picture that a job was given lies.
 * @param {string} id
 * @param {string} name
 */
export function inputURL(id, name) {
    return `${at(id)}/inputs/${encodeURIComponent(name)}`;
}

/** A text that nobody has used before, also where `crypto.randomUUID` does not exist (plain http on a LAN). */
export function freshKey() {
    const parts = crypto.getRandomValues(new Uint32Array(4));
    return `panel-${[...parts].map((part) => part.toString(36)).join("")}`;
}

/** A seed short enough to be read and told. */
export function freshSeed() {
    return 1 + crypto.getRandomValues(new Uint32Array(1))[0] % 99999;
}

/**
 * One page of jobs, newest first.
 * @param {URLSearchParams | string} query what follows the `?`
 * @returns {Promise<{jobs: Job[], next: string | null}>} `next` is the query of the next page
 */
export async function listJobs(query) {
    const answer = await ask("GET", `/jobs?${query}`);
    const next = answer.headers.get("Link")?.match(/<\/jobs\?([^>]*)>; rel="next"/)?.[1] ?? null;
    return { jobs: await answer.json(), next };
}

/** @param {string} id @returns {Promise<Job>} */
export async function getJob(id) {
    return (await ask("GET", at(id))).json();
}

/**
 * Queues a job. The key makes a second try harmless.
 * @param {Record<string, unknown>} document
 * @param {string} key
 * @returns {Promise<{job_id: string}>}
 */
export async function submit(document, key) {
    return (await ask("POST", "/jobs", { json: document, headers: { "Idempotency-Key": key } })).json();
}

/** @param {string} id @param {Record<string, unknown>} patch @returns {Promise<Job>} */
export async function edit(id, patch) {
    return (await ask("PATCH", at(id), { json: patch })).json();
}

/** @param {string} id */
export async function cancel(id) {
    return (await ask("POST", `${at(id)}/cancel`)).json();
}

/** @param {string} id @param {Params} [set] */
export async function retry(id, set = {}) {
    return (await ask("POST", `${at(id)}/retry`, { json: { set }, headers: { "Idempotency-Key": freshKey() } })).json();
}

/** @param {string} id @param {boolean} [keepalive] the page may be closed meanwhile */
export async function remove(id, keepalive = false) {
    try {
        await ask("DELETE", at(id), { keepalive });
    } catch (error) {
        // Gone already is what was wanted.
        if (!(error instanceof Refusal && error.status === 404)) throw error;
    }
}

/** @param {string} id */
export async function getLog(id) {
    return (await ask("GET", `${at(id)}/log`)).text();
}

/** @param {boolean} isPaused */
export async function pause(isPaused) {
    return (await ask("POST", isPaused ? "/queue/pause" : "/queue/resume")).json();
}

/** @returns {Promise<StorageFacts>} */
export async function getStorage() {
    return (await ask("GET", "/storage")).json();
}

/** @returns {Promise<{status: string, runpod_connected: boolean}>} */
export async function getHealth() {
    return (await ask("GET", "/health")).json();
}

/** Jobs by state. @returns {Promise<Record<string, number>>} */
export async function getCounts() {
    return countsIn(await (await ask("GET", "/metrics")).text());
}

/** @param {string} text the text format of Prometheus */
export function countsIn(text) {
    /** @type {Record<string, number>} */
    const counts = {};
    for (const [, state, value] of text.matchAll(/^kinospool_jobs\{state="(\w+)"\} (\d+)/gm)) {
        counts[state] = Number(value);
    }
    return counts;
}

/** The largest upload, in bytes. */
export const UPLOAD_LIMIT = 20 * 1024 * 1024;

const TYPES = /** @type {Record<string, string>} */ ({
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    webp: "image/webp",
    gif: "image/gif",
    wav: "audio/wav",
    mp3: "audio/mpeg",
    flac: "audio/flac",
    ogg: "audio/ogg",
    mp4: "video/mp4",
    webm: "video/webm",
});

/**
 * The media type of a file that may be uploaded; null for others.
 * @param {string} name
 */
export function uploadType(name) {
    return TYPES[name.toLowerCase().match(/\.(\w+)$/)?.[1] ?? ""] ?? null;
}

/**
 * Stores a file for jobs to come.
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<{url: string, media_type: string, bytes: number}>}
 */
export async function upload(file, name) {
    const type = uploadType(name);
    if (!type) {
        throw new Refusal(
            415,
            `${name} is of a kind that cannot be taken: use PNG, JPEG, WebP, GIF, WAV, MP3, FLAC, OGG, MP4 or WebM.`,
        );
    }
    if (file.size > UPLOAD_LIMIT) {
        throw new Refusal(413, `${name} has ${Math.ceil(file.size / 1048576)} MiB; 20 MiB is the limit.`);
    }
    return (await ask("POST", "/uploads", { body: file, headers: { "Content-Type": type } })).json();
}
