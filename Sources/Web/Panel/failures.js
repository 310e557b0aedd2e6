// What to do about each error code. The sentences come from the daemon (`GET /errors`, and with each job).

/** @typedef {"retry" | "smaller" | "edit" | "log"} Remedy */

/**
 * The remedies of a code, the first one first. A test holds the codes against Documentation/errors.md.
 * @type {Record<string, Remedy[]>}
 */
export const REMEDIES = {
    worker_timeout: ["retry", "smaller", "log"],
    user_canceled: ["retry", "edit"],
    config_error: ["log", "retry"],
    runpod_submit_error: ["retry", "log"],
    runpod_execution_error: ["retry", "smaller", "log"],
    ffmpeg_error: ["retry", "log"],
    internal_error: ["retry", "log"],
    invalid_job: ["edit", "log"],
    invalid_video: ["retry", "smaller", "log"],
    runpod_result_expired: ["retry", "log"],
    submit_unknown: ["log", "retry"],
    disk_full: ["retry", "log"],
    dependency_failed: ["retry", "log"],
    cost_cap_exceeded: ["retry", "edit"],
};

/**
 * @param {string} code
 * @returns {Remedy[]}
 */
export function remediesOf(code) {
    return REMEDIES[code] ?? ["retry", "log"];
}

/** Commands of the terminal say nothing to those who look at a page with buttons. @param {string | undefined} hint */
export function hintForPage(hint) {
    if (!hint || /^(Run it again|See kinospool logs|See what \w+ said)\b/i.test(hint)) return "";
    return hint.replace(/: kinospool (retry|logs|rm) ID\.?/g, ".").replace(
        /kinospool (retry|logs) ID/g,
        "the buttons here",
    );
}
