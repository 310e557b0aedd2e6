// A program that uses the client as people do: client_peer.ts BASE
import { type Job, Kinospool, KinospoolError, type KinospoolEvent } from "./client.ts";

function expect(isTrue: boolean, what: string): asserts isTrue {
  if (!isTrue) throw new Error(`not so: ${what}`);
}

const kinospool = new Kinospool(Deno.args[0]);
await kinospool.resume();

// What happens is heard while it happens.
const ear = new AbortController();
const heard: KinospoolEvent[] = [];
let wanted = "";
const isHeard = () =>
  heard.some(({ event, data }) =>
    event === "job" && data.job_id === wanted && "status" in data && data.status === "SUCCEEDED"
  );
const { promise: isListening, resolve: listens } = Promise.withResolvers<void>();
const listening = (async () => {
  for await (const event of kinospool.events({ signal: ear.signal })) {
    heard.push(event);
    if (event.event === "queue") listens();
    if (isHeard()) ear.abort();
  }
})();
await isListening;

// Submit and wait; the same key is the same job.
const accepted = await kinospool.submit({ type: "NOOP", params: { seconds: 0 }, tags: ["client"] }, { key: "once" });
wanted = accepted.job_id;
if (isHeard()) ear.abort();
const again = await kinospool.submit({ type: "NOOP", params: { seconds: 0 }, tags: ["client"] }, { key: "once" });
expect(again.job_id === accepted.job_id, "one key, one job");
const done: Job = await kinospool.wait(accepted.job_id, { timeout: 30 });
expect(done.status === "SUCCEEDED" && done.progress === 100, `done, but ${done.status}`);
await listening;
expect(isHeard(), "the end of the job was heard of");

// Pages.
await kinospool.pause();
const made = [];
for (let number = 0; number < 7; number += 1) made.push((await kinospool.submit({ type: "NOOP" })).job_id);
const listed = [];
for await (const job of kinospool.list({ state: "queued", limit: 3 })) listed.push(job.job_id);
expect(listed.join() === made.reverse().join(), `all pages, but ${listed}`);

// Waiting ends when its time is over; a cancel is final.
const waiting = await kinospool.wait(made[0], { timeout: 0 });
expect(waiting.status === "QUEUED", "still queued");
expect((await kinospool.edit(made[0], { priority: 7 })).priority === 7, "edited");
expect((await kinospool.cancel(made[0])).status === "CANCELED", "canceled");
expect((await kinospool.retry(made[0], { seconds: 0 })).status === "QUEUED", "again");
const rest = await kinospool.bulk({ action: "cancel", filter: { state: "queued" } });
expect(rest.done === 7 && !rest.more, `all canceled, but ${JSON.stringify(rest)}`);
expect((await kinospool.remove(made[0])).deleted, "deleted");
expect((await kinospool.artifacts(accepted.job_id)).length === 0, "no artifacts");
expect((await kinospool.log(accepted.job_id)).includes("attempt 1"), "a log");
expect((await kinospool.webhooks({ limit: 5 })).length === 0, "no webhooks");

// Refusals have their codes.
try {
  await kinospool.get("never-made");
  expect(false, "an unknown job is refused");
} catch (error) {
  expect(error instanceof KinospoolError && error.code === "no_such_job" && error.status === 404, `${error}`);
}
console.log("client: all right");
