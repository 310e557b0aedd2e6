import { patchOf } from "../../Sources/Web/Panel/dialogs.js";
import { entriesOf } from "../../Sources/Web/Panel/intake.js";
import { groups, plan } from "../../Sources/Web/Panel/storage.js";
import { equal } from "./assert.js";
import { at, job } from "./samples.js";

Deno.test("job files are read, and what is wrong is said with its place", () => {
    equal(entriesOf("a/one.json", '{"type":"NOOP"}'), [{ from: "a/one.json", document: { type: "NOOP" } }]);
    equal(entriesOf("list.json", '[{"type":"NOOP"},3]').map((one) => one.wrong ?? one.from), [
        "list.json, number 1",
        "no job: not an object",
    ]);
    const lines = entriesOf(
        "shots.jsonl",
        '{"type":"RENDER","params":{"prompt":"x","duration":0}}\n\n{"type":"IMG2VID","params":{}}\n{',
    );
    equal(lines.map((one) => `${one.from}: ${one.wrong}`.slice(0, 62)), [
        "shots.jsonl line 1: duration must be 0.1 to 3600 (is 0)",
        "shots.jsonl line 3: params.image is missing",
        `shots.jsonl line 4: ${lines[2].wrong}`.slice(0, 62),
    ]);
    equal(lines[2].wrong?.startsWith("no JSON"), true);
    equal(entriesOf("bad.json", '{"type":"FLY"}')[0].wrong, 'type "FLY" is unknown');
});

Deno.test("an edit sends only what differs, and takes away what was removed", () => {
    equal(patchOf({ prompt: "a", seed: 1, loras: ["x"] }, { prompt: "b", loras: ["x"] }), { seed: null, prompt: "b" });
    equal(patchOf({ prompt: "a" }, { prompt: "a" }), {});
});

Deno.test("a clean-up takes ended jobs of the chosen age, and never what is starred", () => {
    const film = (/** @type {number} */ bytes) => [{ name: "v.mp4", kind: /** @type {const} */ ("video"), bytes }];
    const day = 86400;
    const jobs = [
        job("old", { state: "failed", finished_at: at(-40 * day) }),
        job("star", { state: "done", finished_at: at(-40 * day), artifacts: film(5) }),
        job("done", { state: "done", finished_at: at(-31 * day), artifacts: film(7) }),
        job("new", { state: "failed", finished_at: at(-2 * day) }),
        job("runs", { state: "running", created_at: at(-90 * day) }),
    ];
    const wish = {
        days: 30,
        states: new Set(["failed", "done", "running"]),
        now: Date.parse(at(0)),
        keep: new Set(["star"]),
    };
    equal(plan(jobs, { ...wish, states: new Set(["failed", "done"]) }).map((one) => one.job_id), ["old", "done"]);
    equal(groups(jobs, (one) => one.state), [["done", 2, 12], ["failed", 2, 0], ["running", 1, 0]]);
});
