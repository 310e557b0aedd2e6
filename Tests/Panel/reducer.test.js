import { emptyState, reduce } from "../../Sources/Web/Panel/reducer.js";
import { equal, holds } from "./assert.js";
import { at, job, stateWith } from "./samples.js";

Deno.test("an event keeps the parameters that only a page tells", () => {
    const before = stateWith([
        job("a", { state: "running", progress: 10, attempt: 1, params: { prompt: "boats", seed: 4 } }),
    ]);
    const after = reduce(before, [{
        kind: "job",
        job: job("a", { state: "running", progress: 40, attempt: 1, prompt: "boats" }),
    }]);
    equal(after.jobs.get("a")?.params, { prompt: "boats", seed: 4 });
    equal(after.jobs.get("a")?.progress, 40);
    equal(after.jobs.get("a")?.stale, false);
});

Deno.test("after an edit or a start the parameters count as stale, until they are told", () => {
    const before = stateWith([job("a", { params: { prompt: "boats" } })]);
    const started = reduce(before, [{ kind: "job", job: job("a", { state: "running", attempt: 1 }) }]);
    equal(started.jobs.get("a")?.stale, true);
    const told = reduce(started, [{
        kind: "page",
        asOf: started.clock,
        jobs: [job("a", { state: "running", params: { prompt: "boats", seed: 9 } })],
    }]);
    equal(told.jobs.get("a")?.stale, false);
    equal(told.jobs.get("a")?.params?.seed, 9);
});

Deno.test("a long prompt is not shortened by an event that tells its beginning", () => {
    const prompt = "boats ".repeat(60);
    const before = stateWith([job("a", { params: { prompt } })]);
    const after = reduce(before, [{ kind: "job", job: job("a", { prompt: prompt.slice(0, 200) }) }]);
    equal(after.jobs.get("a")?.prompt, prompt);
});

Deno.test("a page that was asked for before an event does not undo it", () => {
    const before = stateWith([job("a", { state: "running", progress: 10 })]);
    const asked = before.clock;
    const meanwhile = reduce(before, [{ kind: "job", job: job("a", { state: "done", progress: 100 }) }, {
        kind: "gone",
        id: "b",
    }]);
    const page = [job("a", { state: "running", progress: 10, params: { seed: 1 } }), job("b")];
    const after = reduce(meanwhile, [{ kind: "page", jobs: page, asOf: asked }]);
    equal(after.jobs.get("a")?.state, "done");
    equal(after.jobs.get("a")?.params, { seed: 1 }, "but what the event did not tell is taken");
    equal(after.jobs.has("b"), false, "a deleted job does not come back");
});

Deno.test("a whole page takes away what it does not name, but not what came meanwhile", () => {
    const before = stateWith([job("old"), job("kept")]);
    const asked = before.clock;
    const meanwhile = reduce(before, [{ kind: "reset" }, { kind: "job", job: job("new") }]);
    const after = reduce(meanwhile, [{ kind: "page", jobs: [job("kept")], asOf: asked, isWhole: true }]);
    equal([...after.jobs.keys()].sort(), ["kept", "new"]);
});

Deno.test("the link remembers since when it is lost", () => {
    let state = reduce(emptyState(), [{ kind: "link", link: "lost", at: 5 }]);
    state = reduce(state, [{ kind: "link", link: "lost", at: 9 }]);
    equal([state.link, state.lostSince], ["lost", 5]);
    state = reduce(state, [{ kind: "link", link: "live", at: 10 }]);
    equal([state.link, state.lostSince], ["live", null]);
});

Deno.test("hidden jobs come back by undo, and are forgotten when they are gone", () => {
    let state = reduce(stateWith([job("a"), job("b")]), [{ kind: "hide", ids: ["a", "b"] }]);
    state = reduce(state, [{ kind: "unhide", ids: ["a"] }, { kind: "gone", id: "b" }]);
    equal([...state.hidden], []);
    equal([...state.jobs.keys()], ["a"]);
});

Deno.test("a state is never changed in place", () => {
    const before = stateWith([job("a")]);
    const copy = JSON.stringify([...before.jobs]);
    reduce(before, [{ kind: "job", job: job("a", { state: "done" }) }, { kind: "gone", id: "a" }, {
        kind: "hide",
        ids: ["a"],
    }]);
    equal(JSON.stringify([...before.jobs]), copy);
    equal(before.hidden.size, 0);
    equal(reduce(before, []) === before, true);
});

Deno.test("ids that were touched are not remembered for ever", () => {
    let state = emptyState();
    for (let round = 0; round < 30; round += 1) {
        state = reduce(
            state,
            Array.from({ length: 1000 }, (_, n) => ({ kind: /** @type {const} */ ("gone"), id: `${round}-${n}` })),
        );
    }
    holds(state.touched.size <= 20000, `${state.touched.size} are remembered`);
    holds(state.touched.has("29-999"), "the newest is remembered");
    equal(at(0), "2026-01-01T12:00:00.000Z");
});

Deno.test("parameters that come with the first page, after the stream's snapshot, are not asked for again", () => {
    const snapshot = reduce(emptyState(), [{ kind: "job", job: job("a", { state: "done", attempt: 1 }) }]);
    equal(snapshot.jobs.get("a")?.stale, true);
    const page = [job("a", { state: "done", attempt: 1, params: { seed: 4 } })];
    const after = reduce(snapshot, [{ kind: "page", jobs: page, asOf: 0 }]);
    equal([after.jobs.get("a")?.stale, after.jobs.get("a")?.params], [false, { seed: 4 }]);
});
