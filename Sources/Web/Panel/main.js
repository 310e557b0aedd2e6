// Puts the page together.

/** @import { JobList } from "./job-list.js" */
/** @import { Filter, Job, State_ } from "./types.js" */
import { Actions, download } from "./actions.js";
import * as api from "./api.js";
import { compare } from "./compare.js";
import { Composer } from "./composer.js";
import { isFilm } from "./describe.js";
import { showKeys } from "./dialogs.js";
import { find, setText } from "./el.js";
import { Estimates, schedule } from "./estimate.js";
import { fillIcons } from "./icons.js";
import { Feed } from "./feed.js";
import { buildFilters, buildTheme, showHeader } from "./header.js";
import { listenForFiles, takeIn } from "./intake.js";
import { playOnHover } from "./hover.js";
import "./job-list.js";
import { Stars } from "./keep.js";
import { listenForKeys } from "./keys.js";
import { listen } from "./live.js";
import { Player } from "./player.js";
import { rows, takesKey, waiting } from "./rows.js";
import { showStorage } from "./storage.js";
import { Store } from "./store.js";
import { Timeline } from "./timeline.js";
import { complain, toast } from "./toast.js";
import { Trash } from "./trash.js";

class Panel {
    store = new Store();
    feed = new Feed(this.store);
    trash = new Trash(this.store);
    stars = new Stars();
    player = new Player();
    list = /** @type {JobList} */ (find("job-list"));
    composer = new Composer();
    timeline = new Timeline({
        job: (id) => this.store.state.jobs.get(id),
        show: (job, at) => this.open(job, { at }),
        submitted: (job) => this.submitted(job),
    });
    actions = new Actions(this.store, {
        open: (job, isPlaying) => this.open(job, { isPlaying, isAsked: true }),
        compose: (job) => {
            this.composer.duplicate(job);
            this.view("create");
        },
        append: (jobs) => this.timeline.append(jobs),
        restore: (job) => {
            this.timeline.restore(job);
            this.view("timeline");
        },
        compare: (jobs) => this.compare(jobs),
        remove: (jobs) => this.trash.delete(jobs),
        star: (id) => this.stars.toggle(id),
    });
    /** @type {Filter} */
    filter = { state: "all", text: "" };
    /** @type {string | null} */
    current = null;
    /** The export whose film is shown as soon as it is done. @type {string | null} */
    awaited = null;
    estimates = new Estimates([]);
    #estimated = -Infinity;
    #said = "";
    #isAnew = true;

    start() {
        fillIcons();
        buildTheme();
        buildFilters((state) => this.choose({ ...this.filter, state }));
        this.stars.changed = () => this.show(this.store.state);
        this.store.subscribe((state) => this.show(state));
        this.#listenToList();
        this.#listenToPage();
        listenForKeys({
            go: (by) => this.go(by),
            act: (act) => this.actByKey(act),
            compose: () => {
                this.view("create");
                this.composer.focus();
            },
            toggle: () => this.player.toggle(),
            step: (frames) => this.player.step(frames),
            undo: () => this.timeline.undo(),
        });
        this.view(new URLSearchParams(location.search).get("view") ?? "queue");
        this.feed.begin();
        this.feed.count();
        this.feed.beat();
        let wasLost = false;
        listen((actions) => {
            this.store.dispatch(...actions);
            for (const action of actions) {
                if (action.kind === "reset") this.feed.reload();
                else if (action.kind === "link") {
                    if (action.link === "live" && wasLost) this.feed.reload();
                    wasLost = action.link === "lost";
                }
                this.feed.count();
            }
        });
        setInterval(() => this.tick(), 1000);
        setInterval(() => this.feed.count(), 30000);
    }

    /** @param {Filter} filter */
    choose(filter) {
        this.filter = filter;
        this.#isAnew = true;
        this.show(this.store.state);
        this.feed.choose(filter).then(() => this.show(this.store.state));
    }

    /** Everything that follows from the state. @param {State_} state */
    show(state) {
        const jobs = [...state.jobs.values()];
        this.#estimate(jobs);
        const around = this.around(state);
        const shown = rows(state, this.filter);
        this.list.show(shown, around, this.#isAnew);
        this.#isAnew = false;
        showHeader(state, this.filter.state, around.end);
        this.#showEmpty(state, shown.length);
        this.#choosePlayed(state, jobs);
        this.composer.know(this.estimates);
        this.timeline.refresh();
        this.#announce(state);
        this.feed.complete(this.#inSight());
    }

    /** What ended jobs say of those to come changes slowly. @param {Job[]} jobs */
    #estimate(jobs) {
        if (jobs.length > 500 && performance.now() - this.#estimated < 5000) return;
        this.#estimated = performance.now();
        this.estimates = new Estimates(jobs);
    }

    /** @param {State_} state */
    around(state) {
        const now = api.now();
        const queue = waiting(state.jobs.values());
        const running = [...state.jobs.values()].filter((job) => job.state === "running");
        const { starts, end } = schedule(running, queue, this.estimates, now);
        return {
            now,
            estimates: this.estimates,
            places: new Map(queue.map((job, index) => [job.job_id, index])),
            starts,
            best: this.stars.ids,
            current: this.current,
            isPaused: state.queue?.paused ?? false,
            end: running.length + queue.length > 0 ? end : null,
        };
    }

    tick() {
        if (document.hidden) return;
        this.list.refresh(this.around(this.store.state));
        this.feed.complete(this.#inSight());
    }

    *#inSight() {
        for (const card of this.list.cards) yield* card.jobs.slice(0, 8);
        const played = this.current ? this.store.state.jobs.get(this.current) : undefined;
        if (played) yield played;
    }

    /** @param {State_} state @param {number} count */
    #showEmpty(state, count) {
        const isFiltered = this.filter.state !== "all" || this.filter.text !== "";
        find("#none").hidden = count > 0 || !state.isLoaded || isFiltered;
        find("#nothing").hidden = count > 0 || !state.isLoaded || !isFiltered;
        find("#loading").hidden = state.isLoaded || state.link === "lost";
    }

    /** @param {State_} state @param {Job[]} jobs */
    #choosePlayed(state, jobs) {
        const awaited = this.awaited ? state.jobs.get(this.awaited) : undefined;
        if (awaited && isFilm(awaited)) {
            this.awaited = null;
            this.open(awaited, { isAsked: true });
        }
        let job = this.current ? state.jobs.get(this.current) : undefined;
        if (!job || state.hidden.has(job.job_id)) {
            const films = jobs.filter((one) => isFilm(one) && !state.hidden.has(one.job_id));
            job = films.reduce(
                (
                    /** @type {Job | undefined} */ best,
                    one,
                ) => (!best || (one.finished_at ?? "") > (best.finished_at ?? "") ? one : best),
                undefined,
            );
            this.current = job?.job_id ?? null;
            if (job) this.player.open(job);
        }
        const key = job ? takesKey(job) : null;
        const takes = key ? jobs.filter((one) => takesKey(one) === key && !state.hidden.has(one.job_id)) : [];
        takes.sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
        this.player.update(job ?? null, takes, this.stars.ids);
    }

    /** State changes are said aloud, percents are not. @param {State_} state */
    #announce(state) {
        if (!state.queue) return;
        const text = `${state.queue.running} running, ${state.queue.queued} waiting${
            state.counts?.failed ? `, ${state.counts.failed} failed` : ""
        }`;
        if (text === this.#said) return;
        this.#said = text;
        setText(find("#said"), text);
    }

    /** @param {Job} job @param {{isPlaying?: boolean, at?: number, isAsked?: boolean}} [how] */
    open(job, { isPlaying = false, at, isAsked = false } = {}) {
        this.current = job.job_id;
        this.player.open(job, { isPlaying, at });
        this.#choosePlayed(this.store.state, [...this.store.state.jobs.values()]);
        this.list.show(rows(this.store.state, this.filter), this.around(this.store.state), false);
        if (isAsked && matchMedia("(max-width: 1180px)").matches) this.view("view");
    }

    /** @param {Job} job */
    submitted(job) {
        this.awaited = job.job_id;
        this.store.dispatch({ kind: "job", job });
    }

    /** @param {Job[]} jobs */
    compare(jobs) {
        compare(jobs, {
            best: this.stars.ids,
            star: (id) => this.stars.toggle(id),
            append: (job) => this.timeline.append([job]),
            more: (job) => this.actions.whole(job).then((whole) => this.actions.again(whole, 4)).catch(complain),
            remove: (some) => this.trash.delete(some),
        });
    }

    /** On a phone one view is seen at a time. @param {string} name */
    view(name) {
        document.body.dataset.view = name;
        for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#tabs button"))) {
            if (button.dataset.view === name) button.setAttribute("aria-current", "page");
            else button.removeAttribute("aria-current");
        }
    }

    /** To the next or the previous card. @param {number} by */
    go(by) {
        const { rows: shown } = this.list;
        const key = document.activeElement?.closest("[data-key]")?.getAttribute("data-key");
        const index = shown.findIndex((row) => row.key === key);
        const next = shown[Math.min(Math.max(index < 0 ? 0 : index + by, 0), shown.length - 1)];
        if (next) this.list.reveal(next.key)?.target.focus({ preventScroll: true });
    }

    /** @param {string} act @returns {boolean} */
    actByKey(act) {
        const card = /** @type {any} */ (document.activeElement?.closest("job-card, take-card"));
        const id = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-id]") ?? null)?.dataset.id;
        const job = (id ? this.store.state.jobs.get(id) : null) ?? card?.job ??
            (this.current ? this.store.state.jobs.get(this.current) : null);
        if (!job) return false;
        const all = card && !id ? card.jobs : act === "compare" ? this.#takesOf(job) : [job];
        if (act === "delete" && card) this.#focusNext(card);
        this.actions.run(act, job, all);
        return true;
    }

    /** @param {Job} job */
    #takesOf(job) {
        const key = takesKey(job);
        return [...this.store.state.jobs.values()].filter((one) => one === job || (key && takesKey(one) === key));
    }

    /** Who deletes by keyboard goes on with the next card. @param {HTMLElement} card */
    #focusNext(card) {
        const next = /** @type {any} */ (card.nextElementSibling ?? card.previousElementSibling);
        next?.target?.focus({ preventScroll: true });
    }

    #listenToList() {
        const { list } = this;
        list.addEventListener("click", (event) => {
            const target = /** @type {HTMLElement} */ (event.target);
            const card = /** @type {any} */ (target.closest("job-card, take-card"));
            const button = /** @type {HTMLElement | null} */ (target.closest("[data-act]"));
            if (!card?.job || !button?.dataset.act) return;
            const chosen = button.dataset.id ? this.store.state.jobs.get(button.dataset.id) : null;
            this.actions.run(button.dataset.act, chosen ?? card.job, card.jobs, button);
        });
        list.addEventListener("end", () => this.feed.more());
        list.addEventListener("fresh", (event) => {
            const fresh = /** @type {CustomEvent<number>} */ (event).detail;
            find("#fresh").hidden = fresh === 0;
            setText(find("#fresh"), `${fresh} new`);
        });
        find("#fresh").onclick = () => list.release();
        playOnHover(list);
    }

    #listenToPage() {
        find("#view").addEventListener("click", (event) => {
            const button = /** @type {HTMLElement} */ (event.target).closest("button");
            const act = button?.dataset.act;
            const { job } = this.player;
            if (!job || !act) return;
            if (act === "open") this.open(this.store.state.jobs.get(button.dataset.id ?? "") ?? job);
            else if (act === "last-frame") this.useLastFrame(job);
            else if (act === "download") download(job);
            else if (act === "playable") this.makePlayable(job);
            else this.actions.run(act, job, act === "compare" ? this.#takesOf(job) : [job], button);
        });
        const search = /** @type {HTMLInputElement} */ (find("#search"));
        /** @type {number | undefined} */
        let timer;
        search.oninput = () => {
            clearTimeout(timer);
            timer = setTimeout(() => this.choose({ ...this.filter, text: search.value.trim() }), 150);
        };
        search.onkeydown = (event) => {
            if (event.key === "Escape" || event.key === "Enter") search.blur();
        };
        find("#pause").onclick = () => {
            const isPaused = this.store.state.queue?.paused ?? false;
            api.pause(!isPaused).then((queue) => this.store.dispatch({ kind: "queue", queue })).catch(complain);
        };
        find("#disk").onclick = () =>
            showStorage(this.store.state.storage, this.stars.ids, (jobs) => this.trash.delete(jobs));
        find("#back").onclick = () => this.view("queue");
        /** @type {HTMLDetailsElement} */ (find(".cuts")).open = matchMedia("(max-width: 720px)").matches;
        find("#keys").onclick = () => showKeys();
        find("#tabs").onclick = (event) => {
            const name = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.view;
            if (name) this.view(name);
        };
        this.#listenForIntake();
    }

    #listenForIntake() {
        /** @param {import("./intake.js").Found[]} found @param {boolean} [isMusic] */
        const take = (found, isMusic = false) =>
            takeIn(found, {
                image: (file) => {
                    this.composer.useImage(file);
                    this.view("create");
                },
                audio: (file) => this.composer.useAudio(file),
                film: (url, name, length) => this.timeline.appendUpload(url, name, length),
                music: (url, name) => this.timeline.setMusic(url, name),
                isVoiceWanted: () => !isMusic && document.querySelector("input[value=LIPSYNC]:checked") !== null,
            }).catch(complain);
        listenForFiles(take);
        for (const [id, isMusic] of /** @type {[string, boolean][]} */ ([["#files", false], ["#sounds", true]])) {
            const input = /** @type {HTMLInputElement} */ (find(id));
            input.onchange = () => {
                take([...(input.files ?? [])].map((file) => ({ path: file.name, file })), isMusic);
                input.value = "";
            };
        }
    }

    /** @param {Job} job */
    async useLastFrame(job) {
        try {
            const blob = await this.player.lastFrame();
            const { url } = await api.upload(blob, "last-frame.png");
            this.composer.useImage({ url, name: `last frame of ${job.job_id}`, preview: URL.createObjectURL(blob) });
            this.view("create");
            this.composer.focus();
        } catch (error) {
            complain(error);
        }
    }

    /** @param {Job} job */
    async makePlayable(job) {
        try {
            await api.submit({
                type: "EXPORT",
                params: { clips: [`job:${job.job_id}`], output: { codec: "h264", format: "mp4" } },
            }, api.freshKey());
            toast("A playable copy is queued.");
        } catch (error) {
            complain(error);
        }
    }
}

new Panel().start();
