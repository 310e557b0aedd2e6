import { Store } from "../../Sources/Web/Panel/store.js";
import { equal } from "./assert.js";
import { job } from "./samples.js";

Deno.test("a hundred events a second are told at most ten times a second", () => {
    let now = 0;
    /** @type {[number, () => void][]} */
    const due = [];
    const store = new Store((work, wait) => void due.push([now + wait, work]), () => now);
    let rounds = -1;
    store.subscribe(() => rounds += 1);
    for (now = 0; now < 1000; now += 10) {
        store.dispatch({ kind: "job", job: job("a", { state: "running", progress: now / 10 }) });
        for (const [at, work] of due.splice(0)) {
            if (at <= now) work();
            else due.push([at, work]);
        }
    }
    equal(rounds <= 11, true, `${rounds} rounds`);
    store.flush();
    equal(store.state.jobs.get("a")?.progress, 99);
});

Deno.test("asking for the clock carries out what waits, so that an answer is later than it", () => {
    const store = new Store(() => {}, () => 0);
    store.dispatch({ kind: "job", job: job("a", { progress: 1 }) });
    const asOf = store.asOf;
    store.dispatch({ kind: "page", jobs: [job("a", { progress: 2 })], asOf });
    store.flush();
    equal(store.state.jobs.get("a")?.progress, 2);
});
