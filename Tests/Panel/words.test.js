import { countsIn } from "../../Sources/Web/Panel/api.js";
import { infoOf, modeOf, phasesOf, pictureURL, pillOf, smallerSize } from "../../Sources/Web/Panel/describe.js";
import { Estimates, schedule } from "../../Sources/Web/Panel/estimate.js";
import { REMEDIES } from "../../Sources/Web/Panel/failures.js";
import { bytes, clock, moment, span, tenths } from "../../Sources/Web/Panel/format.js";
import { equal } from "./assert.js";
import { at, job } from "./samples.js";

Deno.test("numbers are written as people read them", () => {
    equal([clock(48), clock(65), clock(3729), tenths(2.34), tenths(61.96)], [
        "0:48",
        "1:05",
        "1:02:09",
        "0:02.3",
        "1:02.0",
    ]);
    equal([span(3), span(112), span(3900), span(86400 * 3)], ["3 s", "2 min", "65 min", "3 days"]);
    equal([bytes(12), bytes(3_100_000), bytes(41e9), bytes(999_600)], ["12 B", "3.1 MB", "41.0 GB", "1.0 MB"]);
    const noon = new Date(2026, 9, 24, 12, 0).getTime();
    equal([moment(noon, noon + 1000), moment(noon, noon + 86400000)], ["today 12:00", "yesterday 12:00"]);
    equal(moment(noon, noon + 10 * 86400000), "24 Oct 12:00");
});

Deno.test("a cold start is no error and no standstill", () => {
    const cold = job("a", { state: "running", status_hint: "warming_gpu" });
    equal([modeOf(cold), ...pillOf(cold)], ["warming", "fire", "Warming GPU"]);
});

Deno.test("a job tells what it is in one line", () => {
    equal(
        infoOf(job("a", { params: { resolution: "1080p", duration: 5, seed: 4211 } })),
        "Text · 1080p · 5 s · seed 4211",
    );
    equal(infoOf(job("a", { params: {} })), "Text · random seed");
    equal(infoOf(job("a", {})), "Text", "nothing is said of a seed that is not known");
});

Deno.test("the picture is the poster, or the picture it is made from; a name from elsewhere is never an address", () => {
    const film = { name: "video.mp4", kind: /** @type {const} */ ("video"), bytes: 1, poster: "poster.jpg" };
    equal(pictureURL(job("a", { state: "done", artifacts: [film] })), "/jobs/a/artifacts/poster.jpg");
    equal(pictureURL(job("a", { params: { image: "cat.png" } })), "/jobs/a/inputs/cat.png");
    equal(pictureURL(job("a", { params: { image: "https://evil.test/x.png" } })), null);
    equal(pictureURL(job("a", { params: { image: "/etc/x.png" } })), null);
});

Deno.test("where the time went adds up", () => {
    const remote = { delay_ms: 41000, execution_ms: 65000 };
    const parts = phasesOf(
        job("a", { created_at: at(0), started_at: at(3), finished_at: at(112), remote_runs: [remote] }),
    );
    equal(parts.map(([word, seconds]) => [word, seconds]), [["Waiting", 3], ["Warming", 41], ["Rendering", 65], [
        "Saving",
        3,
    ]]);
});

Deno.test("an estimate needs three jobs of the same kind, and tells their median", () => {
    const params = { duration: 5, resolution: "720p" };
    const done = (/** @type {number} */ n, /** @type {number} */ took) =>
        job(`d${n}`, {
            state: "done",
            params,
            started_at: at(n * 1000),
            finished_at: at(n * 1000 + took),
            remote_runs: [{ cost_usd: 0.11 }],
        });
    equal(new Estimates([done(1, 60), done(2, 70)]).seconds("RENDER", params), null);
    const known = new Estimates([done(1, 60), done(2, 70), done(3, 500)]);
    equal(known.seconds("RENDER", params), 70);
    equal(known.cost("RENDER", params), 0.11);
    equal(known.seconds("RENDER", { ...params, resolution: "1080p" }), null);
    const running = job("r", { state: "running", progress: 50, started_at: at(0), params });
    const now = Date.parse(at(30));
    equal(known.left(running, now), 30, "its own progress knows better");
    const plan = schedule(
        [running],
        [job("q1", { params }), job("q2", { params: { duration: 9 } }), job("q3", { params })],
        known,
        now,
    );
    equal(
        [...plan.starts].map(([id, ms]) => [id, (ms - now) / 1000]),
        [["q1", 30], ["q2", 100]],
        "behind an unknown length nothing is promised",
    );
    equal(plan.end, null);
});

Deno.test("every error code of the daemon has a remedy here, and no other", async () => {
    const page = await Deno.readTextFile(new URL("../../Documentation/errors.md", import.meta.url));
    const codes = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
    equal(Object.keys(REMEDIES).sort(), codes.sort());
});

Deno.test("a smaller size is offered where there is one", () => {
    equal(smallerSize(job("a", { params: { resolution: "1080p" } })), "720p");
    equal(smallerSize(job("a", { params: { resolution: "480p" } })), null);
    equal(smallerSize(job("a", { type: "EXPORT", params: {} })), null);
});

Deno.test("counts are read from the metrics", () => {
    equal(
        countsIn('# HELP x\nkinospool_jobs{state="done"} 119\nkinospool_jobs{state="failed"} 1\nkinospool_other 3\n'),
        { done: 119, failed: 1 },
    );
});
