// What takes up space, and a plan to free some.

/** @import { Job, StorageFacts } from "./types.js" */
import * as api from "./api.js";
import { typeName } from "./describe.js";
import { openDialog } from "./dialogs.js";
import { el, setText, textButton } from "./el.js";
import { bytes, count } from "./format.js";
import { complain } from "./toast.js";

/** @param {Job} job */
export function sizeOf(job) {
    return (job.artifacts ?? []).reduce((sum, one) => sum + one.bytes, 0);
}

/**
 * Jobs of one kind together.
 * @param {Job[]} jobs
 * @param {(job: Job) => string} kind
 * @returns {[string, number, number][]} kind, how many, bytes; the largest first
 */
export function groups(jobs, kind) {
    /** @type {Map<string, [string, number, number]>} */
    const found = new Map();
    for (const job of jobs) {
        const name = kind(job);
        const row = found.get(name) ?? [name, 0, 0];
        row[1] += 1;
        row[2] += sizeOf(job);
        found.set(name, row);
    }
    return [...found.values()].sort((a, b) => b[2] - a[2] || b[1] - a[1]);
}

/**
 * What may go: ended jobs older than so many days. What is starred, and what a film on the timeline needs, stays.
 * @param {Job[]} jobs
 * @param {{days: number, states: ReadonlySet<string>, now: number, keep: ReadonlySet<string>}} wish
 */
export function plan(jobs, { days, states, now, keep }) {
    return jobs.filter((job) =>
        states.has(job.state) && !keep.has(job.job_id) &&
        Date.parse(job.finished_at ?? job.updated_at ?? job.created_at) < now - days * 86400000
    );
}

/** Every job there is, page by page. @param {(jobs: Job[]) => void} tell */
async function everyJob(tell) {
    /** @type {Job[]} */
    const jobs = [];
    /** @type {string | null} */
    let query = "limit=200";
    while (query) {
        const page = await api.listJobs(query);
        jobs.push(...page.jobs);
        tell(jobs);
        query = page.jobs.length ? page.next : null;
    }
    return jobs;
}

/** @param {[string, number, number][]} rows @param {string} head */
function table(rows, head) {
    const cells = (/** @type {"th" | "td"} */ tag, /** @type {string[]} */ texts) =>
        texts.map((text) => el(tag, {}, text));
    return el(
        "table",
        {},
        el("thead", {}, el("tr", {}, ...cells("th", [head, "Jobs", "Size"]))),
        el(
            "tbody",
            {},
            ...rows.map(([name, number, size]) =>
                el("tr", {}, ...cells("td", [name, number.toLocaleString("en-US"), bytes(size)]))
            ),
        ),
    );
}

/**
 * Opens the page.
 * @param {StorageFacts | null} facts
 * @param {ReadonlySet<string>} keep
 * @param {(jobs: Job[]) => void} remove
 */
export async function showStorage(facts, keep, remove) {
    const state = el("p", { className: "tip", role: "status" }, "Looking through the jobs …");
    const tables = el("div", { className: "three" });
    const disk = facts
        ? `${bytes(facts.free_bytes)} of ${bytes(facts.total_bytes)} free. Below ${
            bytes(facts.minimum_free_bytes)
        } no new job starts.`
        : "";
    const days = el(
        "select",
        { "aria-label": "Older than" },
        ...[0, 7, 30, 90].map((n) =>
            el("option", { value: String(n), selected: n === 30 }, n ? `${n} days` : "any age")
        ),
    );
    const boxes = ["failed", "canceled", "done"].map((name) =>
        el("input", { type: "checkbox", value: name, checked: name !== "done" })
    );
    const wish = el(
        "div",
        { className: "row plan" },
        el("label", { className: "tb sel" }, "Older than ", days),
        ...boxes.map((box) => el("label", { className: "chk" }, box, box.value)),
    );
    const go = textButton("trash", "", "", "pri");
    go.disabled = true;
    const dialog = openDialog(
        "Storage",
        "dlg wide",
        el("p", {}, disk),
        state,
        tables,
        el("h3", {}, "Free some space"),
        wish,
        el("div", { className: "row" }, go),
    );
    try {
        const jobs = await everyJob((some) => setText(state, `Looking through the jobs … ${some.length}`));
        setText(
            state,
            `${count(jobs.length, "job")}, ${
                bytes(jobs.reduce((sum, job) => sum + sizeOf(job), 0))
            } of films, sounds and pictures.`,
        );
        const age = (/** @type {Job} */ job) => {
            const old = (api.now() - Date.parse(job.created_at)) / 86400000;
            return old < 1 ? "today" : old < 7 ? "this week" : old < 30 ? "this month" : "older";
        };
        tables.replaceChildren(
            table(groups(jobs, (job) => job.state), "State"),
            table(groups(jobs, (job) => typeName(job.type)), "Type"),
            table(groups(jobs, age), "Age"),
        );
        const chosen = () =>
            plan(jobs, {
                days: Number(days.value),
                states: new Set(boxes.filter((box) => box.checked).map((box) => box.value)),
                now: api.now(),
                keep,
            });
        const show = () => {
            const some = chosen();
            const size = some.reduce((sum, job) => sum + sizeOf(job), 0);
            setText(
                /** @type {Element} */ (go.lastElementChild),
                some.length ? `Delete ${count(some.length, "job")}, free ${bytes(size)}` : "Nothing to delete",
            );
            go.disabled = some.length === 0;
        };
        wish.onchange = show;
        show();
        go.onclick = () => {
            dialog.close();
            remove(chosen());
        };
    } catch (error) {
        setText(state, "The jobs could not be read.");
        complain(error);
    }
}
