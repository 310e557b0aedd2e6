// Small windows: a job's log, the keys, the change of a waiting job, the question before a long import.

/** @import { Job, Params } from "./types.js" */
import * as api from "./api.js";
import { el, iconButton, textButton } from "./el.js";
import { titleOf } from "./describe.js";
import { recall, remember } from "./keep.js";
import { complain } from "./toast.js";

/**
 * A dialog that removes itself when it is closed.
 * @param {string} title
 * @param {string} className
 * @param {...Node} kids
 */
export function openDialog(title, className, ...kids) {
    const close = iconButton("x", "Close", "close");
    const heading = el("h2", {}, title);
    const dialog = el(
        "dialog",
        { className, "aria-label": title },
        el("div", { className: "bar" }, heading, close),
        ...kids,
    );
    close.onclick = () => dialog.close();
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog) dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
}

/** @param {Job} job */
export async function showLog(job) {
    try {
        const text = await api.getLog(job.job_id);
        const log = el("pre", { tabIndex: 0, "aria-label": "Log" }, text || "There is no log yet.");
        const dialog = openDialog(`Log of ${job.job_id}`, "dlg wide", el("p", { className: "tip" }, titleOf(job)), log);
        dialog.addEventListener("close", () => {}, { once: true });
        log.scrollTop = log.scrollHeight;
    } catch (error) {
        complain(error);
    }
}

/** The keys, by what they do. */
const KEYS = /** @type {[string, string][]} */ ([
    ["/", "search"],
    ["n", "new video: to the prompt"],
    ["Ctrl Enter", "generate"],
    ["j  k", "next and previous card"],
    ["Enter", "open the card in the player"],
    ["Space", "play and pause"],
    [",  .", "one frame back and on"],
    ["c", "cancel"],
    ["r", "retry"],
    ["e", "edit a waiting job"],
    ["f", "to the front of the queue"],
    ["d", "duplicate and edit"],
    ["Del", "delete (can be undone for 10 seconds)"],
    ["s", "mark as best"],
    ["x", "compare takes; 1 to 4 pick"],
    ["t", "to the timeline"],
    ["[  ]", "trim the clip to the position"],
    ["Alt ←  →", "move the clip"],
    ["Ctrl Z", "undo in the timeline"],
    ["l", "log"],
    ["?", "this list"],
]);

/** Whether single letters are commands (WCAG 2.1.4: they can be turned off). */
export function hasShortcuts() {
    return recall("shortcuts") !== false;
}

export function showKeys() {
    const box = el("input", { type: "checkbox", checked: hasShortcuts() });
    box.onchange = () => remember("shortcuts", box.checked);
    const list = el(
        "dl",
        { className: "keys" },
        ...KEYS.map(([key, what]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, what))),
    );
    openDialog("Keyboard", "dlg", list, el("label", { className: "chk" }, box, "Single keys are commands"));
}

/**
 * Changes a job that waits.
 * @param {Job} job with its parameters
 */
export function showEdit(job) {
    const params = job.params ?? {};
    const prompt = el("textarea", { rows: 4, value: params.prompt ?? params.text ?? "", name: "prompt" });
    const rest = Object.fromEntries(Object.entries(params).filter(([name]) => name !== "prompt"));
    const more = el("textarea", {
        rows: 8,
        value: JSON.stringify(rest, null, 2),
        spellcheck: false,
        className: "code",
        name: "params",
    });
    const priority = el("input", { type: "number", min: "-100", max: "100", value: String(job.priority ?? 0) });
    const wrong = el("p", { className: "why", role: "alert" });
    const save = textButton("check", "Save", "save", "pri");
    const dialog = openDialog(
        "Edit before it starts",
        "dlg",
        el("label", { className: "fld" }, "Prompt", prompt),
        el("label", { className: "fld" }, "Everything else, as JSON", more),
        el("label", { className: "fld" }, "Priority, −100 to 100", el("span", { className: "inp" }, priority)),
        wrong,
        el("div", { className: "row" }, save),
    );
    prompt.focus();
    const store = async () => {
        try {
            const next = patchOf(params, {
                ...JSON.parse(more.value),
                ...(prompt.value || params.prompt ? { prompt: prompt.value } : {}),
            });
            await api.edit(job.job_id, { params: next, priority: Number(priority.value) });
            dialog.close();
        } catch (error) {
            wrong.textContent = error instanceof SyntaxError
                ? "That is no JSON."
                : error instanceof Error
                ? error.message
                : String(error);
        }
    };
    save.onclick = store;
    dialog.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) store();
    });
}

/**
 * What turns one set of parameters into another, by JSON Merge Patch.
 * @param {Params} from
 * @param {Params} to
 * @returns {Params}
 */
export function patchOf(from, to) {
    /** @type {Params} */
    const patch = {};
    for (const name of Object.keys(from)) if (!(name in to)) patch[name] = null;
    for (const [name, value] of Object.entries(to)) {
        if (JSON.stringify(value) !== JSON.stringify(from[name])) patch[name] = value;
    }
    return patch;
}
