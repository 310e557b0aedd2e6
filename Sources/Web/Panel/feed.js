// Which jobs are loaded: the first page, further ones as the list is scrolled, and what events left out.

/** @import { Filter, Job } from "./types.js" */
/** @import { Store } from "./store.js" */
import * as api from "./api.js";
import { parseQuery, serverQuery } from "./query.js";

/** Jobs on a page. */
const FIRST = 60;
const FURTHER = 100;
/** Between two looks at what runs, for its heartbeat, in milliseconds. */
const BEAT = 5000;
/** Jobs whose parameters are asked for at a time. */
const AT_ONCE = 4;

export class Feed {
    #store;
    /** Where each list goes on: the query of the next page, null at its end. @type {Map<string, string | null>} */
    #next = new Map();
    /** @type {Filter} */
    #filter = { state: "all", text: "" };
    #isLoading = false;
    /** @type {Set<string>} */
    #asked = new Set();
    #isCounting = false;
    #isCountWanted = false;

    /** @param {Store} store */
    constructor(store) {
        this.#store = store;
    }

    /** @param {Filter} filter */
    #key(filter) {
        const query = serverQuery(parseQuery(filter.text));
        if (filter.state !== "all") query.set("state", filter.state);
        return query.toString();
    }

    /** Whether all jobs that fit have been loaded. */
    get isWhole() {
        return this.#next.get(this.#key(this.#filter)) === null;
    }

    /** Another list is shown. @param {Filter} filter */
    async choose(filter) {
        this.#filter = filter;
        if (!this.#next.has(this.#key(filter))) await this.more();
    }

    /** The first page, and all that is under way, however old it is. */
    async begin() {
        await this.more();
        await this.#active();
    }

    /** So many jobs under way are loaded; the rest comes with the pages. */
    async #active() {
        try {
            /** @type {string | null} */
            let query = "state=active&limit=200";
            for (let page = 0; query && page < 5; page += 1) {
                const asOf = this.#store.asOf;
                const told = await api.listJobs(query);
                this.#store.dispatch({ kind: "page", jobs: told.jobs, asOf });
                query = told.jobs.length ? told.next : null;
            }
        } catch (error) {
            this.#failed(error);
        }
    }

    /** The next page of the list that is shown. */
    async more() {
        const key = this.#key(this.#filter);
        const known = this.#next.get(key);
        if (this.#isLoading || known === null) return;
        this.#isLoading = true;
        try {
            const asOf = this.#store.asOf;
            const query = known ?? `${key}${key ? "&" : ""}limit=${FIRST}`;
            const page = await api.listJobs(query.replace(/limit=\d+/, `limit=${known ? FURTHER : FIRST}`));
            this.#next.set(key, page.jobs.length ? page.next : null);
            this.#store.dispatch({ kind: "page", jobs: page.jobs, asOf });
        } catch (error) {
            this.#failed(error);
        } finally {
            this.#isLoading = false;
        }
    }

    /** @param {unknown} error */
    #failed(error) {
        // The stream tells that the daemon is away, and when it is back everything is asked again.
        if (error instanceof api.Refusal && error.status === 401) {
            this.#store.dispatch({ kind: "facts", isRefused: true });
        }
    }

    /** Everything anew: what was told before may be wrong. */
    async reload() {
        this.#next.clear();
        try {
            const asOf = this.#store.asOf;
            const wanted = Math.min(Math.max(this.#store.state.jobs.size, FIRST), 1000);
            /** @type {Job[]} */
            const jobs = [];
            /** @type {string | null} */
            let query = `limit=${Math.min(wanted, FURTHER)}`;
            while (query && jobs.length < wanted) {
                const page = await api.listJobs(query);
                jobs.push(...page.jobs);
                query = page.jobs.length ? page.next : null;
            }
            const active = await api.listJobs("state=active&limit=200");
            this.#next.set("", query);
            this.#store.dispatch({ kind: "page", jobs: [...jobs, ...active.jobs], asOf, isWhole: true });
        } catch (error) {
            this.#failed(error);
        }
    }

    /** Heartbeats do not come as events, so what runs is looked at now and then. */
    beat() {
        setInterval(async () => {
            const { link, jobs } = this.#store.state;
            if (document.hidden || link !== "live" || ![...jobs.values()].some((job) => job.state === "running")) {
                return;
            }
            try {
                const asOf = this.#store.asOf;
                const page = await api.listJobs("state=running&limit=200");
                this.#store.dispatch({ kind: "page", jobs: page.jobs, asOf });
            } catch {
                // As above.
            }
        }, BEAT);
    }

    /** Parameters of jobs in sight that events did not tell. @param {Iterable<Job>} jobs */
    complete(jobs) {
        for (const job of jobs) {
            if (this.#asked.size >= AT_ONCE) return;
            if ((job.params && !job.stale) || this.#asked.has(job.job_id)) continue;
            this.#asked.add(job.job_id);
            const asOf = this.#store.asOf;
            api.getJob(job.job_id)
                .then((told) => this.#store.dispatch({ kind: "page", jobs: [told], asOf }))
                .catch((error) => {
                    if (error instanceof api.Refusal && error.status === 404) {
                        this.#store.dispatch({ kind: "gone", id: job.job_id });
                    }
                })
                .finally(() => setTimeout(() => this.#asked.delete(job.job_id), 200));
        }
    }

    /** How many jobs there are, and how the disk is; at most once every two seconds. */
    async count() {
        if (this.#isCounting) {
            this.#isCountWanted = true;
            return;
        }
        this.#isCounting = true;
        this.#isCountWanted = false;
        try {
            const [counts, storage, health] = await Promise.all([api.getCounts(), api.getStorage(), api.getHealth()]);
            this.#store.dispatch({ kind: "facts", counts, storage, runpod: health.runpod_connected });
        } catch {
            // As above.
        }
        setTimeout(() => {
            this.#isCounting = false;
            if (this.#isCountWanted) this.count();
        }, 2000);
    }
}
