// A job in words: what a card says, as values.

/** @import { Artifact, Job, Params } from "./types.js" */
import { count, hash, span } from "./format.js";
import { fileURL, inputURL } from "./api.js";

/** How a card looks: the states, and two of RUNNING. */
/** @typedef {"running" | "warming" | "queued" | "done" | "failed" | "canceled"} Mode */

/** Why a job that runs elsewhere shows no progress yet. */
const HINTS = /** @type {Record<string, {word: string, tip: string}>} */ ({
    warming_gpu: { word: "Warming GPU", tip: "a cold worker is loading the model, no action needed" },
    waiting_for_gpu: { word: "Waiting for a GPU", tip: "RunPod has none free right now, no action needed" },
    worker_crash_looping: { word: "Workers crash", tip: "mend the endpoint's image, or cancel" },
    no_workers: { word: "No workers", tip: "raise the endpoint's max workers at RunPod" },
});

/** @param {Job} job @returns {Mode} */
export function modeOf(job) {
    return job.state === "running" && job.status_hint ? "warming" : job.state;
}

/** The picture and the word of a state. @param {Job} job @returns {[string, string]} */
export function pillOf(job) {
    switch (modeOf(job)) {
        case "running":
            return ["bolt", job.type === "EXPORT" ? "Exporting" : job.type === "TTS" ? "Speaking" : "Rendering"];
        case "warming":
            return ["fire", HINTS[job.status_hint ?? ""]?.word ?? "Warming GPU"];
        case "queued":
            return ["clock", job.scheduled_for && Date.parse(job.scheduled_for) > Date.now() ? "Scheduled" : "Waiting"];
        case "done":
            return ["check", "Done"];
        case "failed":
            return ["warn", "Failed"];
        default:
            return ["stop", "Canceled"];
    }
}

/** @param {Job} job */
export function hintTip(job) {
    return HINTS[job.status_hint ?? ""]?.tip ?? job.status_message ?? "";
}

const TYPES = /** @type {Record<string, string>} */ ({
    RENDER: "Text",
    IMG2VID: "Image",
    TTS: "Speech",
    LIPSYNC: "Lip-sync",
    TRAIN_TWIN: "Twin",
    EXPORT: "Export",
    NOOP: "Trial",
});

/** @param {string} type */
export function typeName(type) {
    return TYPES[type] ?? type;
}

/** @param {Job} job */
export function titleOf(job) {
    if (job.prompt) return job.prompt;
    if (job.type === "EXPORT") {
        return job.params?.clips ? `Film of ${count(job.params.clips.length, "clip")}` : "Film from the timeline";
    }
    return `${typeName(job.type)} ${job.job_id}`;
}

/** `720p`, `1280 × 720`, or nothing. @param {Job} job */
export function sizeOf(job) {
    const film = mainArtifact(job);
    const params = job.params ?? {};
    if (job.type === "EXPORT" && params.output?.size) return String(params.output.size);
    if (params.resolution) return String(params.resolution).replace("x", " × ");
    if (params.width && params.height) return `${params.width} × ${params.height}`;
    return film?.height ? `${Math.min(film.height, film.width ?? film.height)}p` : "";
}

/** Seconds of film, as made or as asked. @param {Job} job @returns {number | null} */
export function lengthOf(job) {
    const made = mainArtifact(job)?.duration;
    if (made) return made;
    const params = job.params ?? {};
    if (params.num_frames && params.fps) return params.num_frames / params.fps;
    return typeof params.duration === "number" ? params.duration : null;
}

/** `Text · 1080p · 5 s · seed 4211`. @param {Job} job */
export function infoOf(job) {
    const length = lengthOf(job);
    const seed = job.params?.seed;
    const parts = [typeName(job.type), sizeOf(job), length ? `${round(length)} s` : ""];
    if (["RENDER", "IMG2VID", "LIPSYNC"].includes(job.type) && job.params) {
        parts.push(seed === undefined || seed === null ? "random seed" : `seed ${seed}`);
    }
    return parts.filter(Boolean).join(" · ");
}

/** @param {number} seconds */
export function round(seconds) {
    return Math.abs(seconds - Math.round(seconds)) < 0.05 ? String(Math.round(seconds)) : seconds.toFixed(1);
}

/** The film, sound or picture that a job was for. @param {Job} job @returns {Artifact | undefined} */
export function mainArtifact(job) {
    const all = job.artifacts ?? [];
    return all.find((one) => one.kind === "video") ?? all.find((one) => one.kind === "audio") ?? all[0];
}

/** Whether it made a film that can be played. @param {Job} job */
export function isFilm(job) {
    return job.state === "done" && mainArtifact(job)?.kind === "video";
}

/** Where the film can be played. @param {Job} job */
export function mediaURL(job) {
    const made = job.state === "done" ? mainArtifact(job) : undefined;
    return made ? fileURL(job.job_id, made.name) : null;
}

/** A picture of what was made, or of what it is made from; null where there is none yet. @param {Job} job */
export function pictureURL(job) {
    const made = job.state === "done" ? mainArtifact(job) : undefined;
    if (made?.poster) return fileURL(job.job_id, made.poster);
    if (made?.kind === "image") return fileURL(job.job_id, made.name);
    const image = job.params?.image;
    if (typeof image !== "string") return null;
    if (/^[^/:]+\.(png|jpe?g|webp|gif)$/i.test(image)) return inputURL(job.job_id, image);
    return null;
}

/** Two hues that follow from the words, for a job without a picture. @param {Job} job */
export function huesOf(job) {
    const value = hash(job.prompt ?? job.job_id);
    return { "--h1": value % 360, "--h2": ((value % 360) + 40 + ((value >>> 9) % 120)) % 360 };
}

/** @param {Job} job */
export function typeIcon(job) {
    return { TTS: "mic", LIPSYNC: "mic", EXPORT: "film", IMG2VID: "img" }[job.type] ?? "film";
}

/**
 * How long the parts of a job took, in seconds.
 * @param {Job} job
 * @returns {[string, number, string][]} word, seconds, colour
 */
export function phasesOf(job) {
    if (!job.started_at || !job.finished_at) return [];
    const [created, started, finished] = [job.created_at, job.started_at, job.finished_at].map((text) =>
        Date.parse(text) / 1000
    );
    const remote = job.remote_runs?.at(-1);
    const waited = Math.max(0, started - created);
    const took = Math.max(0, finished - started);
    if (remote?.execution_ms === undefined) {
        return [["Waiting", waited, "wait"], [job.type === "EXPORT" ? "Exporting" : "Rendering", took, "run"]];
    }
    const warming = Math.min(took, (remote.delay_ms ?? 0) / 1000);
    const rendering = Math.min(took - warming, remote.execution_ms / 1000);
    return [["Waiting", waited, "wait"], ["Warming", warming, "warm"], ["Rendering", rendering, "run"], [
        "Saving",
        took - warming - rendering,
        "ok",
    ]];
}

/** Whether the same is likely to pass at a smaller size. @param {Job} job */
export function smallerSize(job) {
    const size = job.params?.resolution;
    if (!["RENDER", "IMG2VID", "LIPSYNC"].includes(job.type)) return null;
    if (size === "1080p") return "720p";
    return size === "720p" ? "480p" : null;
}

/** The job as it would be asked again, without what its run added. @param {Job} job @param {Params} [changes] */
export function documentOf(job, changes = {}) {
    return { type: job.type, params: { ...(job.params ?? {}), ...changes } };
}

/** @param {Job} job @param {number} now milliseconds */
export function heartbeatAge(job, now) {
    if (!job.heartbeat_at) return "";
    return `heartbeat ${span(Math.max(0, now - Date.parse(job.heartbeat_at)) / 1000)} ago`;
}
