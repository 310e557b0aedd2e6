import { Hub, PATIENCE } from "../../Sources/Web/Panel/hub.js";
import { actionOf, Stream } from "../../Sources/Web/Panel/stream.js";
import { equal, holds } from "./assert.js";

/** An EventSource in the test's hand. */
class FakeSource extends EventTarget {
    /** @type {(() => void) | null} */
    onopen = null;
    /** @type {(() => void) | null} */
    onerror = null;
    isClosed = false;

    /** @param {string} url */
    constructor(url) {
        super();
        this.url = url;
    }

    close() {
        this.isClosed = true;
    }

    /** @param {string} name @param {unknown} value @param {string} lastEventId */
    send(name, value, lastEventId) {
        this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(value), lastEventId }));
    }
}

/** Runs `work` with a clock that the test moves. @param {(tick: (ms: number) => void) => void} work */
function withTimers(work) {
    const [set, clear] = [globalThis.setTimeout, globalThis.clearTimeout];
    let [now, next] = [0, 1];
    /** @type {Map<number, [number, () => void]>} */
    const timers = new Map();
    const fake = /** @type {any} */ (globalThis);
    fake.setTimeout = (/** @type {() => void} */ call, /** @type {number} */ ms) => {
        timers.set(next, [now + ms, call]);
        return next++;
    };
    fake.clearTimeout = (/** @type {number} */ id) => timers.delete(id);
    try {
        work((ms) => {
            now += ms;
            for (const [id, [due, call]] of [...timers]) {
                if (due > now) continue;
                timers.delete(id);
                call();
            }
        });
    } finally {
        [globalThis.setTimeout, globalThis.clearTimeout] = [set, clear];
    }
}

Deno.test("events mean actions", () => {
    equal(actionOf("job", '{"job_id":"a","deleted":true}'), { kind: "gone", id: "a" });
    equal(actionOf("queue", '{"queued":1}'), { kind: "queue", queue: { queued: 1 } });
    equal(actionOf("reset", "{}"), { kind: "reset" });
    equal(actionOf("other", "{}"), null);
});

Deno.test("after a loss the stream comes back within a second, and goes on where it was", () => {
    withTimers((tick) => {
        /** @type {FakeSource[]} */
        const sources = [];
        /** @type {any[]} */
        const told = [];
        const stream = new Stream((actions) => told.push(...actions), (url) => {
            const source = new FakeSource(url);
            sources.push(source);
            return /** @type {any} */ (source);
        });
        stream.start();
        sources[0].onopen?.();
        sources[0].send("job", { job_id: "a" }, "e1.7");
        for (let round = 0; round < 5; round += 1) {
            sources.at(-1)?.onerror?.();
            holds(sources.at(-1)?.isClosed, "the broken one is closed");
            tick(1000);
        }
        equal(sources.length, 6);
        equal(sources[5].url, "/events?since=e1.7");
        sources[5].onopen?.();
        equal(told.map((action) => action.link ?? action.kind), [
            "live",
            "job",
            "lost",
            "lost",
            "lost",
            "lost",
            "lost",
            "live",
        ]);
        stream.stop();
        tick(60000);
        equal(sources.length, 6, "a stopped one does not come back");
    });
});

Deno.test("one stream serves all pages; it is closed a minute after the last was seen", () => {
    withTimers((tick) => {
        const calls = /** @type {string[]} */ ([]);
        const hub = new Hub({ start: () => calls.push("start"), stop: () => calls.push("stop") });
        const [a, b] = [1, 2].map(() => ({
            heard: /** @type {any[]} */ ([]),
            postMessage(/** @type {any} */ m) {
                this.heard.push(...m);
            },
        }));
        hub.hear(a, "seen");
        hub.tell([{ kind: "link", link: "live", at: 1 }, {
            kind: "queue",
            queue: { queued: 2, running: 0, paused: false, paid_paused: false },
        }]);
        hub.hear(b, "seen");
        equal(b.heard.map((action) => action.kind), ["link", "queue"], "who comes later is told how things stand");
        hub.hear(a, "hidden");
        tick(PATIENCE * 2);
        equal(calls.includes("stop"), false, "the other one is still seen");
        hub.hear(b, "leaving");
        tick(PATIENCE - 1);
        equal(calls.includes("stop"), false);
        tick(1);
        equal(calls.at(-1), "stop");
        hub.hear(a, "seen");
        equal(calls.at(-1), "start");
        const before = b.heard.length;
        hub.tell([{ kind: "reset" }]);
        equal(b.heard.length, before, "who left is told nothing");
    });
});
