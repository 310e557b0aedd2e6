// Brings the daemon's events to this page.

/** @import { Action } from "./types.js" */
import { Hub } from "./hub.js";
import { Stream } from "./stream.js";

const WORKER = "/panel/live-worker.js";

/** The one script that may be loaded by name: a policy for Trusted Types where the browser has them. */
function workerURL() {
    const types = /** @type {any} */ (globalThis).trustedTypes;
    if (!types) return WORKER;
    const policy = types.createPolicy("kinospool-worker", {
        createScriptURL: (/** @type {string} */ url) => {
            if (url !== WORKER) throw new TypeError("no other script");
            return url;
        },
    });
    return policy.createScriptURL(WORKER);
}

/**
 * Listens from now on.
 * @param {(actions: Action[]) => void} tell
 */
export function listen(tell) {
    const say = channel(tell);
    const how = () => (document.visibilityState === "visible" ? "seen" : "hidden");
    say(how());
    document.addEventListener("visibilitychange", () => say(how()));
    addEventListener("pagehide", () => say("leaving"));
    addEventListener("pageshow", (event) => event.persisted && say(how()));
}

/**
 * @param {(actions: Action[]) => void} tell
 * @returns {(how: "seen" | "hidden" | "leaving") => void}
 */
function channel(tell) {
    if (typeof SharedWorker === "function") {
        try {
            const worker = new SharedWorker(workerURL(), { type: "module", name: "kinospool" });
            worker.port.onmessage = ({ data }) => tell(data);
            return (how) => worker.port.postMessage(how);
        } catch {
            // A browser that has the name but not modules in workers: the page listens for itself.
        }
    }
    const port = { postMessage: tell };
    /** @type {Hub} */
    const hub = new Hub(new Stream((actions) => hub.tell(actions)));
    return (how) => hub.hear(port, how);
}
