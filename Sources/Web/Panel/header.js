// The line at the top: is it working?

/** @import { State_ } from "./types.js" */
import { el, find, setAttribute, setText } from "./el.js";
import { setIcon } from "./icons.js";
import { bytes, timeOfDay } from "./format.js";
import { recall, remember } from "./keep.js";

const FILTERS = /** @type {const} */ ([["all", "All"], ["active", "Active"], ["done", "Done"], ["failed", "Failed"], [
    "canceled",
    "Canceled",
]]);

/**
 * How many jobs each filter has; null where that is not known yet.
 * @param {State_} state
 * @param {string} filter
 */
export function countOf(state, filter) {
    const { counts, queue } = state;
    if (!counts) return null;
    if (filter === "all") return Object.values(counts).reduce((sum, one) => sum + one, 0);
    if (filter === "active") return queue ? queue.queued + queue.running : (counts.queued ?? 0) + (counts.running ?? 0);
    return counts[filter] ?? 0;
}

/** Builds the filters. @param {(filter: any) => void} choose */
export function buildFilters(choose) {
    find("#chips").replaceChildren(...FILTERS.map(([name, word]) => {
        const button = el(
            "button",
            { type: "button", className: "chip", "aria-pressed": "false", data: { filter: name } },
            el("span", {}, word),
            el("b"),
        );
        button.onclick = () => choose(name);
        return button;
    }));
}

/** @param {State_} state @param {string} filter @param {number | null} end when all that waits will be done */
export function showHeader(state, filter, end) {
    const { link, lostSince, queue, storage, runpod } = state;
    document.body.dataset.link = link;
    setText(find("#link"), link === "live" ? "Live" : link === "lost" ? "Offline" : "Connecting");
    const lost = find("#lost");
    lost.hidden = link !== "lost" && !state.isRefused;
    if (state.isRefused) setText(lost, "This daemon wants a token: open the link that kinospool serve printed.");
    else if (lostSince) {
        setText(
            lost,
            `Cannot reach the daemon since ${timeOfDay(lostSince)}. The last known state is shown; trying again …`,
        );
    }
    find("#runpod").hidden = runpod === null;
    find("#runpod").classList.toggle("off", runpod === false);
    setText(find("#runpod b"), runpod ? "connected" : "not connected");
    const workers = find("#h-queue-facts");
    workers.hidden = !queue;
    setText(find("#n-running"), String(queue?.running ?? 0));
    setText(find("#n-waiting"), ` running, ${queue?.queued ?? 0} waiting`);
    find("#disk").hidden = !storage;
    if (storage) {
        const used = storage.total_bytes - storage.free_bytes;
        const meter = /** @type {HTMLMeterElement} */ (find("#disk meter"));
        [meter.max, meter.high, meter.low, meter.optimum] = [
            storage.total_bytes,
            storage.total_bytes - storage.minimum_free_bytes,
            storage.total_bytes * 0.8,
            0,
        ];
        meter.value = used;
        setAttribute(meter, "aria-label", `Disk used: ${bytes(used)} of ${bytes(storage.total_bytes)}`);
        setText(find("#free"), bytes(storage.free_bytes));
        setAttribute(find("#disk"), "aria-label", `Storage: ${bytes(storage.free_bytes)} free`);
        setText(find("#free-word"), storage.low ? " free: too little, no new job starts" : " free");
        find("#disk").classList.toggle("low", storage.low);
    }
    showSummary(state, end);
    for (const chip of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#chips .chip"))) {
        const number = countOf(state, chip.dataset.filter ?? "");
        setAttribute(chip, "aria-pressed", String(chip.dataset.filter === filter));
        setText(/** @type {Element} */ (chip.lastElementChild), number === null ? "" : number.toLocaleString("en-US"));
    }
    const active = (queue?.queued ?? 0) + (queue?.running ?? 0);
    const badge = find("#tabs b");
    badge.hidden = active === 0;
    setText(badge, String(active));
    document.title = queue?.running ? `${queue.running} running · Kinospool` : "Kinospool";
}

/** @param {State_} state @param {number | null} end */
function showSummary({ queue, counts }, end) {
    const sum = find("#sum");
    const [a, b] = /** @type {HTMLElement[]} */ ([...sum.children]);
    if (!queue) return;
    const [running, queued] = [queue.running, queue.queued];
    if (queue.paused) {
        setText(a, "The queue is paused");
        setText(b, `: ${queued} waiting${running ? `, ${running} still running` : ""}. Nothing new starts.`);
    } else if (running + queued === 0) {
        setText(a, counts && Object.values(counts).some((one) => one > 0) ? "All done" : "");
        setText(b, counts && Object.values(counts).some((one) => one > 0) ? ": nothing runs, nothing waits." : "");
    } else {
        setText(a, `${running} running`);
        setText(b, `, ${queued} waiting.${end ? ` All done at about ${timeOfDay(end)}.` : ""}`);
    }
    const pause = find("#pause");
    setText(/** @type {Element} */ (pause.lastElementChild), queue.paused ? "Resume queue" : "Pause queue");
    setIcon(/** @type {Element} */ (pause.firstElementChild), queue.paused ? "play" : "pause");
    pause.classList.toggle("pri", queue.paused);
}

/** Dark and light, and what of them was chosen. */
export function buildTheme() {
    const root = document.documentElement;
    const kept = recall("theme");
    if (kept) root.dataset.theme = kept;
    find("#theme").onclick = () => {
        const isLight = root.dataset.theme
            ? root.dataset.theme === "light"
            : matchMedia("(prefers-color-scheme: light)").matches;
        root.dataset.theme = isLight ? "dark" : "light";
        remember("theme", root.dataset.theme);
    };
}
