// Everything a button, a key or a menu can ask for.

/** @import { Job } from "./types.js" */
/** @import { Store } from "./store.js" */
import * as api from "./api.js";
import { hasForm } from "./composer.js";
import { documentOf, isFilm, mainArtifact, mediaURL, smallerSize } from "./describe.js";
import { showEdit, showLog } from "./dialogs.js";
import { openMenu } from "./menu.js";
import { waiting } from "./rows.js";
import { complain, toast } from "./toast.js";

/**
 * The parts of the page that actions reach.
 * @typedef {object} Rooms
 * @property {(job: Job, isPlaying: boolean) => void} open shows a job in the player
 * @property {(job: Job) => void} compose fills the form with a job
 * @property {(jobs: Job[]) => void} append puts films at the end of the timeline
 * @property {(job: Job) => void} restore opens an export's draft in the timeline
 * @property {(jobs: Job[]) => void} compare
 * @property {(jobs: Job[]) => void} remove
 * @property {(id: string) => void} star
 */

export class Actions {
    #store;
    #rooms;

    /** @param {Store} store @param {Rooms} rooms */
    constructor(store, rooms) {
        this.#store = store;
        this.#rooms = rooms;
    }

    /**
     * Does what was asked, and says so where it could not.
     * @param {string} name
     * @param {Job} job
     * @param {Job[]} all of its card
     * @param {HTMLElement} [at] where a menu opens
     */
    async run(name, job, all, at) {
        try {
            await this.#perform(name, job, all, at);
        } catch (error) {
            complain(error);
        }
    }

    /** @param {string} name @param {Job} job @param {Job[]} all @param {HTMLElement} [at] */
    async #perform(name, job, all, at) {
        const [rooms, id] = [this.#rooms, job.job_id];
        switch (name) {
            case "open":
            case "play":
                return rooms.open(job, name === "play");
            case "cancel":
                return void await Promise.all(
                    all.filter((one) => ["queued", "running"].includes(one.state)).map((one) => api.cancel(one.job_id)),
                );
            case "retry":
                return void await api.retry(id);
            case "smaller":
                return void await api.retry(id, { resolution: smallerSize(await this.whole(job)) });
            case "delete":
                return rooms.remove(all);
            case "front":
                return this.#toFront(job);
            case "edit":
                return job.state === "queued"
                    ? showEdit(await this.whole(job, true))
                    : this.#duplicate(await this.whole(job));
            case "duplicate":
                return this.#duplicate(await this.whole(job));
            case "log":
                return showLog(job);
            case "timeline":
                return rooms.append(all.length > 1 && all.includes(job) ? [job] : all.filter(isFilm));
            case "restore":
                return rooms.restore(await this.whole(job));
            case "compare":
                return rooms.compare(all.filter(isFilm));
            case "star":
                return rooms.star(id);
            case "again":
                return void await this.again(await this.whole(job), 1);
            case "menu":
                return at && openMenu(at, this.#menu(job, all));
        }
    }

    /** @param {Job} job with its parameters */
    #duplicate(job) {
        if (job.type === "EXPORT") return this.#rooms.restore(job);
        if (!hasForm(job.type)) {
            return toast(`${job.type} has no form here: copy it as job.json, change it, and drop it.`);
        }
        this.#rooms.compose(job);
    }

    /** The job with its parameters, which events leave out. @param {Job} job @param {boolean} [isFresh] @returns {Promise<Job>} */
    async whole(job, isFresh = false) {
        if (job.params && !job.stale && !isFresh) return job;
        const asOf = this.#store.asOf;
        const told = await api.getJob(job.job_id);
        this.#store.dispatch({ kind: "page", jobs: [told], asOf });
        return told;
    }

    /**
     * More takes of a job, with seeds of their own.
     * @param {Job} job
     * @param {number} count
     */
    async again(job, count) {
        const { type, params } = documentOf(job);
        for (let take = 0; take < count; take += 1) {
            const seed = api.freshSeed();
            await api.submit({ type, params: { ...params, seed } }, api.freshKey());
        }
        toast(count === 1 ? "One more take is queued." : `${count} more takes are queued.`);
    }

    /** @param {Job} job */
    async #toFront(job) {
        const first = waiting(this.#store.state.jobs.values()).find((one) => one.job_id !== job.job_id);
        const highest = first?.priority ?? 0;
        if (highest >= 100) {
            return toast("The first job has the highest priority there is: lower that one first.", { isError: true });
        }
        await api.edit(job.job_id, { priority: Math.max(highest + 1, job.priority ?? 0), not_before: null });
    }

    /** @param {Job} job @param {Job[]} all @returns {import("./menu.js").MenuItem[]} */
    #menu(job, all) {
        const item = (
            /** @type {string} */ name,
            /** @type {string} */ icon,
            /** @type {string} */ text,
            /** @type {string} */ key = "",
        ) => ({
            icon,
            text,
            key,
            act: () => void this.run(name, job, all),
        });
        const copy = (/** @type {string} */ text, /** @type {() => string} */ write) => ({
            icon: "copy",
            text,
            act: async () => copyText((await this.whole(job), write())),
        });
        const json = () => JSON.stringify(documentOf(this.#store.state.jobs.get(job.job_id) ?? job), null, 2);
        const isEnded = !["queued", "running"].includes(job.state);
        return [
            ...(mediaURL(job) ? [item("open", "play", "Open in the player", "Enter")] : []),
            ...(isFilm(job)
                ? [item("star", "star", "Mark as best", "s"), item("timeline", "plus", "Add to the timeline", "t")]
                : []),
            ...(job.type === "EXPORT"
                ? [item("restore", "film", "Open in the timeline")]
                : [item("duplicate", "edit", "Duplicate & edit", "d")]),
            ...(job.type !== "EXPORT" && isEnded ? [item("again", "dice", "One more take")] : []),
            ...(isEnded ? [item("retry", "retry", "Run it again", "r")] : []),
            item("log", "logs", "Log", "l"),
            ...(mainArtifact(job) ? [{ icon: "dl", text: "Download", act: () => download(job) }] : []),
            copy("Copy as job.json", json),
            copy(
                "Copy as curl",
                () => `curl ${location.origin}/jobs -H 'Content-Type: application/json' -d ${quoted(json())}`,
            ),
            copy("Copy as command", () => `kinospool submit - <<'JOB'\n${json()}\nJOB`),
            ...(isEnded ? [item("delete", "trash", "Delete", "Del")] : [item("cancel", "x", "Cancel", "c")]),
        ];
    }
}

/** @param {string} text for a shell */
function quoted(text) {
    return `'${text.replaceAll("'", "'\\''")}'`;
}

/** @param {Job} job */
export function download(job) {
    const url = mediaURL(job);
    if (!url) return;
    const link = document.createElement("a");
    link.href = `${url}?download=1`;
    link.download = "";
    link.click();
}

/** Also where there is no clipboard: on plain http from another machine. @param {string} text */
async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
        toast("Copied.");
    } catch {
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        const isDone = document.execCommand("copy");
        area.remove();
        toast(isDone ? "Copied." : "This browser does not let the page copy.");
    }
}
