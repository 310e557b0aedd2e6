import { held, rows } from "../../Sources/Web/Panel/rows.js";
import { equal } from "./assert.js";
import { at, job, stateWith } from "./samples.js";

/** @param {import("../../Sources/Web/Panel/types.js").Row[]} list */
const ids = (list) => list.map((row) => row.jobs.map((one) => one.job_id).join("+"));
const all = /** @type {const} */ ({ state: "all", text: "" });

Deno.test("what runs comes first, then what waits in the order of its start, then what ended, newest first", () => {
    const state = stateWith([
        job("done1", { state: "done", finished_at: at(10) }),
        job("done2", { state: "done", finished_at: at(20) }),
        job("late", { created_at: at(5) }),
        job("urgent", { created_at: at(9), priority: 3 }),
        job("early", { created_at: at(1) }),
        job("run", { state: "running", started_at: at(3) }),
    ]);
    equal(ids(rows(state, all)), ["run", "urgent", "early", "late", "done2", "done1"]);
});

Deno.test("takes of one prompt are one card; failed ones stand alone, so that their reason is seen", () => {
    const takes = [1, 2, 3].map((n) =>
        job(`t${n}`, { prompt: "boats", state: "done", created_at: at(n), finished_at: at(n) })
    );
    const state = stateWith([
        ...takes,
        job("bad", { prompt: "boats", state: "failed", finished_at: at(9) }),
        job("other"),
    ]);
    equal(ids(rows(state, all)), ["other", "bad", "t1+t2+t3"]);
});

Deno.test("a card with a running take stands where running ones stand", () => {
    const state = stateWith([
        job("waits", { created_at: at(0) }),
        job("t1", { prompt: "boats", state: "done", finished_at: at(1) }),
        job("t2", { prompt: "boats", state: "running", started_at: at(2) }),
    ]);
    equal(ids(rows(state, all)), ["t1+t2", "waits"]);
});

Deno.test("exports and jobs without words are never takes", () => {
    const state = stateWith([
        job("e1", { type: "EXPORT", prompt: null }),
        job("e2", { type: "EXPORT", prompt: null }),
        job("n1", { type: "NOOP", prompt: null }),
    ]);
    equal(ids(rows(state, all)), ["e1", "e2", "n1"]);
});

Deno.test("the filter and the search take away cards", () => {
    const state = stateWith([
        job("a", {
            state: "failed",
            prompt: "Neon alley",
            error: { code: "worker_timeout", message: "" },
            params: { seed: 77 },
        }),
        job("b", { state: "done", prompt: "Pine forest", params: { seed: 7 } }),
        job("c", { prompt: "Neon fjord" }),
    ]);
    equal(ids(rows(state, { state: "active", text: "" })), ["c"]);
    equal(ids(rows(state, { state: "all", text: "neon" })), ["c", "a"]);
    equal(ids(rows(state, { state: "all", text: "state:failed seed:77" })), ["a"]);
    equal(ids(rows(state, { state: "all", text: "code:worker neon" })), ["a"]);
    equal(ids(rows(state, { state: "done", text: "neon" })), []);
});

Deno.test("while the hand is on the list nothing moves: what is new waits and is counted", () => {
    const before = rows(stateWith([job("a", { created_at: at(1) }), job("b", { created_at: at(2) })]), all);
    const later = rows(
        stateWith([
            job("a", { state: "done", created_at: at(1), finished_at: at(9) }),
            job("b", { state: "running", created_at: at(2), started_at: at(8) }),
            job("new", { created_at: at(3) }),
            job("older", { state: "done", finished_at: at(-50) }),
        ]),
        all,
    );
    equal(ids(later), ["b", "new", "a", "older"]);
    const shown = held(before, later);
    equal(ids(shown.rows), ["a", "b", "older"], "those that were there, where they were");
    equal(shown.fresh, 1);
    equal(shown.rows[0].jobs[0].state, "done", "and each is as it is now");
});

Deno.test("older pages are added at the end also while the hand is on the list", () => {
    const [x, y] = [job("x", { state: "done", finished_at: at(9) }), job("y", { state: "done", finished_at: at(1) })];
    const shown = held(rows(stateWith([x]), all), rows(stateWith([x, y]), all));
    equal(ids(shown.rows), ["x", "y"]);
    equal(shown.fresh, 0);
});

Deno.test("ten thousand jobs are put in order at once", () => {
    const many = Array.from(
        { length: 10000 },
        (_, n) => job(`j${n}`, { state: "done", finished_at: at(n), prompt: `prompt ${n % 4000}` }),
    );
    const state = stateWith(many);
    const start = performance.now();
    const list = rows(state, all);
    const took = performance.now() - start;
    equal(list.length, 4000);
    if (took > 2000) throw new Error(`it took ${took} ms`);
});
