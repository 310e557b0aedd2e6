// The HTTP API of Kinospool for browsers, Deno, Node and Bun: no dependency, no build.
//
//   import { Kinospool } from "http://127.0.0.1:8000/client.js";
//   const kinospool = new Kinospool("http://127.0.0.1:8000");
//   const job = await kinospool.submit({ type: "RENDER", params: { prompt: "paper boats", duration: 3 } });
//   console.log((await kinospool.wait(job.job_id)).output_urls);
//
// Types stand in client.d.ts beside it; TypeScript takes them by itself, also through client.ts.
// @ts-self-types="./client.d.ts"

/** @import * as T from "./client.d.ts" */

/** What the daemon refused, with its `code`, and the whole problem (RFC 9457). */
export class KinospoolError extends Error {
  /** @param {T.Problem} problem */
  constructor(problem) {
    super(problem.detail || problem.title);
    this.name = "KinospoolError";
    this.status = problem.status;
    this.code = problem.code;
    this.retryable = problem.retryable;
    this.problem = problem;
  }
}

/** So many seconds one request may wait at the daemon. */
const longestWait = 30;
/** How often a request whose answer was lost is sent again, and the pause before. */
const tries = 3, pause = 500;
const ended = new Set(["SUCCEEDED", "FAILED", "CANCELED"]);

/** @implements {T.KinospoolClient} */
export class Kinospool {
  /**
   * @param {string} [base]
   * @param {T.ClientOptions} [options]
   */
  constructor(base = "http://127.0.0.1:8000", options = {}) {
    this.base = base.replace(/\/+$/, "");
    this.token = options.token;
    this.fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  /**
   * @param {T.JobRequest} job
   * @param {T.SubmitOptions} [options]
   * @returns {Promise<T.Accepted>}
   */
  async submit(job, options = {}) {
    const headers = { "Idempotency-Key": options.key ?? newKey() };
    return await this.#json("POST", "/jobs", { body: job, headers, signal: options.signal, repeats: true });
  }

  /**
   * @param {string} id
   * @param {T.CallOptions} [options]
   * @returns {Promise<T.Job>}
   */
  async get(id, options = {}) {
    return await this.#json("GET", path(id), { signal: options.signal, repeats: true });
  }

  /**
   * @param {string} id
   * @param {T.WaitOptions} [options]
   * @returns {Promise<T.Job>}
   */
  async wait(id, options = {}) {
    const end = options.timeout === undefined ? Infinity : Date.now() + options.timeout * 1000;
    while (true) {
      const rest = Math.min(longestWait, Math.max(0, Math.ceil((end - Date.now()) / 1000)));
      const headers = { Prefer: `wait=${rest}` };
      /** @type {T.Job} */
      const job = await this.#json("GET", path(id), { headers, signal: options.signal, repeats: true });
      if (ended.has(job.status) || Date.now() >= end) return job;
    }
  }

  /**
   * @param {T.ListQuery} [query]
   * @returns {AsyncGenerator<T.Job, void, undefined>}
   */
  async *list(query = {}) {
    const { signal, ...rest } = query;
    const items = Object.entries(rest).map(([key, value]) => [key, String(value)]);
    let next = /** @type {string | undefined} */ (`/jobs?${new URLSearchParams(items)}`);
    while (next) {
      const answer = await this.#send("GET", next, { signal, repeats: true });
      yield* /** @type {T.Job[]} */ (await answer.json());
      next = /<([^>]+)>; rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1];
    }
  }

  /**
   * @param {string} id
   * @param {T.CallOptions} [options]
   * @returns {Promise<T.Canceled>}
   */
  async cancel(id, options = {}) {
    return await this.#json("POST", path(id, "/cancel"), { signal: options.signal, repeats: true });
  }

  /**
   * @param {string} id
   * @param {Record<string, unknown>} [set]
   * @param {T.SubmitOptions} [options]
   * @returns {Promise<T.Job>}
   */
  async retry(id, set = {}, options = {}) {
    const headers = { "Idempotency-Key": options.key ?? newKey() };
    return await this.#json("POST", path(id, "/retry"), {
      body: { set },
      headers,
      signal: options.signal,
      repeats: true,
    });
  }

  /**
   * @param {string} id
   * @param {T.JobPatch} patch
   * @param {T.EditOptions} [options]
   * @returns {Promise<T.Job>}
   */
  async edit(id, patch, options = {}) {
    /** @type {Record<string, string>} */
    const headers = options.etag ? { "If-Match": options.etag } : {};
    return await this.#json("PATCH", path(id), { body: patch, headers, signal: options.signal });
  }

  /**
   * @param {string} id
   * @param {T.CallOptions} [options]
   * @returns {Promise<T.Deleted>}
   */
  async remove(id, options = {}) {
    return await this.#json("DELETE", path(id), { signal: options.signal });
  }

  /**
   * @param {T.BulkOrder} order
   * @param {T.CallOptions} [options]
   * @returns {Promise<T.BulkResult>}
   */
  async bulk(order, options = {}) {
    return await this.#json("POST", "/jobs/bulk", { body: order, signal: options.signal });
  }

  /**
   * @param {string} id
   * @param {T.CallOptions} [options]
   * @returns {Promise<T.Artifact[]>}
   */
  async artifacts(id, options = {}) {
    return await this.#json("GET", path(id, "/artifacts"), { signal: options.signal, repeats: true });
  }

  /**
   * @param {string} id
   * @param {T.CallOptions} [options]
   */
  async log(id, options = {}) {
    return await (await this.#send("GET", path(id, "/log"), { signal: options.signal, repeats: true })).text();
  }

  /**
   * @param {BodyInit} bytes
   * @param {string} type
   * @param {T.CallOptions} [options]
   * @returns {Promise<T.Upload>}
   */
  async upload(bytes, type, options = {}) {
    const headers = { "Content-Type": type };
    const answer = await this.#send("POST", "/uploads", { raw: bytes, headers, signal: options.signal });
    return await answer.json();
  }

  /** @returns {Promise<T.Queue>} */
  async pause() {
    return await this.#json("POST", "/queue/pause", { repeats: true });
  }

  /** @returns {Promise<T.Queue>} */
  async resume() {
    return await this.#json("POST", "/queue/resume", { repeats: true });
  }

  /**
   * @param {T.CallOptions & { limit?: number }} [options]
   * @returns {Promise<T.Webhook[]>}
   */
  async webhooks(options = {}) {
    const query = options.limit === undefined ? "" : `?limit=${options.limit}`;
    return await this.#json("GET", `/webhooks${query}`, { signal: options.signal, repeats: true });
  }

  /**
   * @param {string} id
   * @returns {Promise<T.Webhook>}
   */
  async replay(id) {
    return await this.#json("POST", `/webhooks/${encodeURIComponent(id)}/replay`, {});
  }

  /**
   * @param {T.EventOptions} [options]
   * @returns {AsyncGenerator<T.KinospoolEvent, void, undefined>}
   */
  async *events(options = {}) {
    const { signal } = options;
    const query = options.job === undefined ? "" : `?${new URLSearchParams({ job: options.job })}`;
    let last = options.since;
    let wait = 2000;
    while (!signal?.aborted) {
      try {
        /** @type {Record<string, string>} */
        const headers = last === undefined ? {} : { "Last-Event-ID": last };
        const answer = await this.#send("GET", `/events${query}`, { headers, signal });
        for await (const block of blocks(answer)) {
          const fields = parsed(block);
          if (fields.retry) wait = Number(fields.retry);
          if (fields.id) last = fields.id;
          if (!fields.event || fields.data === undefined) continue;
          const data = JSON.parse(fields.data);
          yield /** @type {T.KinospoolEvent} */ ({ id: fields.id ?? "", event: fields.event, data });
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (error instanceof KinospoolError && !error.retryable && error.status !== 429) throw error;
      }
      await sleep(wait, signal);
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Sending} sending
   */
  async #json(method, path, sending) {
    return await (await this.#send(method, path, sending)).json();
  }

  /**
   * @typedef {{ body?: unknown, raw?: BodyInit, headers?: Record<string, string>, signal?: AbortSignal,
   *   repeats?: boolean }} Sending
   */

  /**
   * @param {string} method
   * @param {string} path
   * @param {Sending} sending
   * @returns {Promise<Response>}
   */
  async #send(method, path, { body, raw, headers = {}, signal, repeats = false }) {
    /** @type {Record<string, string>} */
    const fields = { Accept: "application/json", ...headers };
    if (body !== undefined) fields["Content-Type"] = "application/json";
    if (this.token) fields.Authorization = `Bearer ${this.token}`;
    const request = { method, headers: fields, body: raw ?? (body === undefined ? undefined : JSON.stringify(body)), signal };
    for (let turn = 1;; turn += 1) {
      let answer;
      try {
        answer = await this.fetch(this.base + path, request);
      } catch (error) {
        // The answer was lost; a request that may be repeated cannot do its work twice.
        if (signal?.aborted || !repeats || turn === tries) throw error;
        await sleep(pause * turn, signal);
        continue;
      }
      if (answer.ok) return answer;
      const problem = await refusal(answer);
      const isBusy = problem.status === 503 || (problem.status === 409 && answer.headers.has("Retry-After"));
      if (!repeats || !isBusy || turn === tries) throw new KinospoolError(problem);
      await sleep(1000 * Number(answer.headers.get("Retry-After") ?? 1), signal);
    }
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<T.Problem>}
 */
async function refusal(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    const error = { code: "unknown", message: text.slice(0, 200) };
    return {
      type: "about:blank",
      title: answer.statusText,
      status: answer.status,
      detail: error.message,
      code: error.code,
      retryable: answer.status >= 500,
      request_id: "",
      error,
    };
  }
}

/** @param {string} id */
function path(id, rest = "") {
  return `/jobs/${encodeURIComponent(id)}${rest}`;
}

/** A text that nobody else has; `crypto.randomUUID` is missing on pages without TLS. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}

/**
 * The blocks of a stream of server-sent events.
 *
 * @param {Response} answer
 * @returns {AsyncGenerator<string, void, undefined>}
 */
async function* blocks(answer) {
  if (!answer.body) return;
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      yield* parts;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * @param {string} block
 * @returns {{ id?: string, event?: string, data?: string, retry?: string }}
 */
function parsed(block) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, "");
  }
  return fields;
}
