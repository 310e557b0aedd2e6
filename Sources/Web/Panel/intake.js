// What is dropped, pasted or chosen: pictures, sounds, films, job files, folders.

/** @import { Params } from "./types.js" */
import * as api from "./api.js";
import { openDialog } from "./dialogs.js";
import { el, textButton } from "./el.js";
import { count } from "./format.js";
import { complain, toast } from "./toast.js";

/** @typedef {{path: string, file: File}} Found */
/** @typedef {{from: string, document?: Record<string, any>, wrong?: string}} Entry */

/**
 * @typedef {object} Places
 * @property {(file: {url: string, name: string, preview: string | null}) => void} image
 * @property {(file: {url: string, name: string, preview: null}) => void} audio a voice
 * @property {(url: string, name: string, length: number) => void} film to the timeline
 * @property {(url: string, name: string) => void} music to the timeline
 * @property {() => boolean} isVoiceWanted whether a sound is a voice for the form, not music for the timeline
 */

/** So many files of a folder are looked at. */
const FILE_LIMIT = 2000;
const TYPES = ["RENDER", "IMG2VID", "TTS", "LIPSYNC", "TRAIN_TWIN", "EXPORT", "NOOP"];

/**
 * The jobs in the text of a file: one object, a list of them, or one a line.
 * @param {string} name
 * @param {string} text
 * @returns {Entry[]}
 */
export function entriesOf(name, text) {
    if (/\.(jsonl|ndjson)$/i.test(name)) {
        return text.split("\n").flatMap((
            line,
            index,
        ) => (line.trim() ? [entry(`${name} line ${index + 1}`, line)] : []));
    }
    const whole = entry(name, text);
    if (!Array.isArray(whole.document)) return [whole];
    return whole.document.map((one, index) => checked(`${name}, number ${index + 1}`, one));
}

/** @param {string} from @param {string} text @returns {Entry} */
function entry(from, text) {
    try {
        const value = JSON.parse(text);
        return Array.isArray(value) ? { from, document: value } : checked(from, value);
    } catch (error) {
        return { from, wrong: `no JSON (${error instanceof Error ? error.message.slice(0, 80) : error})` };
    }
}

/** What can be seen to be wrong before it is sent. @param {string} from @param {any} value @returns {Entry} */
function checked(from, value) {
    const is = (/** @type {any} */ what) => typeof what === "object" && what !== null && !Array.isArray(what);
    if (!is(value)) return { from, wrong: "no job: not an object" };
    if (!TYPES.includes(value.type)) {
        return { from, wrong: value.type === undefined ? "type is missing" : `type "${value.type}" is unknown` };
    }
    const params = value.params ?? {};
    if (!is(params)) return { from, wrong: "params must be an object" };
    const needed =
        { RENDER: "prompt", IMG2VID: "image", LIPSYNC: "audio", EXPORT: "clips" }[/** @type {string} */ (value.type)];
    if (needed && !params[needed]) return { from, wrong: `params.${needed} is missing` };
    const { duration } = params;
    if (
        duration !== undefined && duration !== null &&
        !(typeof duration === "number" && duration >= 0.1 && duration <= 3600)
    ) {
        return { from, wrong: `duration must be 0.1 to 3600 (is ${JSON.stringify(duration)})` };
    }
    return { from, document: value };
}

/**
 * Every file that was dropped, also inside folders.
 * @param {DataTransfer} data
 * @returns {Promise<Found[]>}
 */
export async function filesOf(data) {
    const entries = [...data.items].map((item) => item.kind === "file" ? item.webkitGetAsEntry?.() : null).filter((
        one,
    ) => one !== null && one !== undefined);
    if (entries.length === 0) return [...data.files].map((file) => ({ path: file.name, file }));
    /** @type {Found[]} */
    const found = [];
    for (const one of entries) await walk(one, found);
    return found;
}

/** @param {FileSystemEntry} entry @param {Found[]} found */
async function walk(entry, found) {
    if (found.length >= FILE_LIMIT || entry.name.startsWith(".")) return;
    if (entry.isFile) {
        const file = await new Promise((resolve, reject) =>
            /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)
        );
        found.push({ path: entry.fullPath.replace(/^\//, ""), file });
        return;
    }
    const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
    for (;;) {
        /** @type {FileSystemEntry[]} */
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) return;
        for (const one of some) await walk(one, found);
    }
}

/**
 * Takes in what was given.
 * @param {Found[]} found
 * @param {Places} places
 */
export async function takeIn(found, places) {
    const jobFiles = found.filter(({ path }) => /\.(json|jsonl|ndjson)$/i.test(path));
    if (jobFiles.length) return offer(jobFiles, found);
    const known = found.filter(({ path }) => api.uploadType(path));
    if (known.length === 0) {
        return toast("That is nothing Kinospool takes: pictures, sounds, films, job.json, or a folder of them.", {
            isError: true,
        });
    }
    for (const { file, path } of known) {
        try {
            await store(file, path.split("/").at(-1) ?? path, places);
        } catch (error) {
            complain(error);
        }
    }
}

/** @param {File} file @param {string} name @param {Places} places */
async function store(file, name, places) {
    const kind = api.uploadType(name)?.split("/")[0];
    const close = toast(`Uploading ${name} …`, { seconds: 120 });
    try {
        const { url } = await api.upload(file, name);
        if (kind === "image") places.image({ url, name, preview: URL.createObjectURL(file) });
        else if (kind === "video") places.film(url, name, await lengthOf(file));
        else if (places.isVoiceWanted()) places.audio({ url, name, preview: null });
        else places.music(url, name);
    } finally {
        close();
    }
}

/** Seconds of a film, as this browser reads it. @param {File} file @returns {Promise<number>} */
function lengthOf(file) {
    const url = URL.createObjectURL(file);
    const video = el("video", { preload: "metadata", src: url });
    return new Promise((resolve, reject) => {
        video.onloadedmetadata = () => resolve(video.duration);
        video.onerror = () =>
            reject(new Error(`${file.name} cannot be read by this browser, so it cannot be put on the timeline.`));
    }).then((value) => /** @type {number} */ (value)).finally(() => URL.revokeObjectURL(url));
}

/** Shows what would be queued, and asks. @param {Found[]} jobFiles @param {Found[]} all */
async function offer(jobFiles, all) {
    const lists = await Promise.all(jobFiles.map(async ({ path, file }) => entriesOf(path, await file.text())));
    const entries = lists.flat();
    const good = entries.filter((one) => one.document);
    const bad = entries.length - good.length;
    const rows = entries.slice(0, 500).map((one) =>
        el(
            "li",
            { className: one.wrong ? "bad" : "" },
            el("b", {}, one.from),
            " ",
            el(
                "span",
                {},
                one.wrong ?? `${one.document?.type} ${String(one.document?.params?.prompt ?? "").slice(0, 90)}`,
            ),
        )
    );
    const title = `${count(good.length, "job")}${bad ? `, ${bad} invalid` : ""}`;
    const queue = textButton("plus", `Queue ${count(good.length, "job")}`, "", "pri");
    queue.disabled = good.length === 0;
    const dialog = openDialog(
        title,
        "dlg wide",
        el("ul", { className: "import", tabIndex: 0, "aria-label": "Jobs" }, ...rows),
        el("div", { className: "row" }, queue),
    );
    queue.onclick = async () => {
        dialog.close();
        const wrong = await queueAll(good, all);
        toast(
            wrong.length
                ? `${good.length - wrong.length} queued, ${wrong.length} refused: ${wrong[0]}`
                : `${count(good.length, "job")} queued.`,
            {
                isError: wrong.length > 0,
                seconds: wrong.length ? 12 : 4,
            },
        );
    };
    queue.focus();
}

/** @param {Entry[]} entries @param {Found[]} all @returns {Promise<string[]>} what was refused, and why */
async function queueAll(entries, all) {
    /** @type {Map<string, string>} */
    const uploaded = new Map();
    const wrong = [];
    for (const { from, document } of entries) {
        if (!document) continue;
        try {
            await api.submit(
                { ...document, params: await withFiles(document.params ?? {}, from, all, uploaded) },
                api.freshKey(),
            );
        } catch (error) {
            wrong.push(`${from}: ${error instanceof Error ? error.message : error}`);
        }
    }
    return wrong;
}

/**
 * Names of files that were dropped beside the job become uploads.
 * @param {Params} params
 * @param {string} from
 * @param {Found[]} all
 * @param {Map<string, string>} uploaded
 */
async function withFiles(params, from, all, uploaded) {
    const folder = from.match(/^(.*\/)[^/]*$/)?.[1] ?? "";
    const result = { ...params };
    for (const key of ["image", "end_image", "audio", "video"]) {
        const name = result[key];
        const found = typeof name === "string"
            ? all.find(({ path }) => path === folder + name || path === name)
            : undefined;
        if (!found) continue;
        const known = uploaded.get(found.path) ?? (await api.upload(found.file, found.path)).url;
        uploaded.set(found.path, known);
        result[key] = known;
    }
    return result;
}

/**
 * Takes what is dropped anywhere on the page, or pasted.
 * @param {(found: Found[]) => void} take
 */
export function listenForFiles(take) {
    let depth = 0;
    const show = () => document.body.classList.toggle("dropping", depth > 0);
    const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
    addEventListener("dragenter", (event) => {
        if (hasFiles(event)) depth += 1;
        show();
    });
    addEventListener("dragleave", (event) => {
        if (hasFiles(event)) depth = Math.max(0, depth - 1);
        show();
    });
    addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    addEventListener("drop", async (event) => {
        depth = 0;
        show();
        if (!hasFiles(event) || !event.dataTransfer) return;
        event.preventDefault();
        take(await filesOf(event.dataTransfer));
    });
    addEventListener("paste", (event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        take(files.map((file) => ({ path: file.name || `pasted.${file.type.split("/")[1]}`, file })));
    });
}
