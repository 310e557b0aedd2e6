// The shapes that the modules pass to each other. Nothing runs here.

/** @typedef {"queued" | "running" | "done" | "failed" | "canceled"} State */

/**
 * A file that a job made.
 * @typedef {object} Artifact
 * @property {string} name
 * @property {"video" | "audio" | "image" | "data"} kind
 * @property {number} bytes
 * @property {number} [duration] seconds
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [fps]
 * @property {string} [video_codec]
 * @property {string} [audio_codec]
 * @property {string | null} [poster] the name of a picture beside it
 * @property {string | null} [contact_sheet]
 */

/**
 * Why a job failed.
 * @typedef {object} JobError
 * @property {string} code
 * @property {string} message
 * @property {string} [hint]
 * @property {boolean} [retryable]
 */

/**
 * What a job was asked; the keys depend on its type.
 * @typedef {Record<string, any>} Params
 */

/**
 * One paid run at a provider.
 * @typedef {object} RemoteRun
 * @property {number} [delay_ms] in the queue there
 * @property {number} [execution_ms] at work
 * @property {number} [cost_usd]
 */

/**
 * A job as the API tells it. Events leave out `params` and `remote_runs` and tell the beginning of the prompt.
 * @typedef {object} Job
 * @property {string} job_id
 * @property {string} type
 * @property {State} state
 * @property {number} progress 0 to 100
 * @property {string | null} [status_hint]
 * @property {string} [status_message]
 * @property {string[]} [output_urls]
 * @property {Artifact[]} [artifacts]
 * @property {JobError | null} [error]
 * @property {string[]} [warnings]
 * @property {Params} [params]
 * @property {RemoteRun[]} [remote_runs]
 * @property {string | null} [prompt]
 * @property {number} [priority]
 * @property {number} [attempt]
 * @property {string | null} [remote_id]
 * @property {string} created_at
 * @property {string | null} [updated_at]
 * @property {string | null} [started_at]
 * @property {string | null} [finished_at]
 * @property {string | null} [heartbeat_at]
 * @property {string | null} [scheduled_for]
 * @property {boolean} [stale] its `params` may have changed since they were told; ours, never the API's
 */

/** @typedef {{queued: number, running: number, paused: boolean, paid_paused: boolean}} QueueFacts */
/** @typedef {{free_bytes: number, total_bytes: number, minimum_free_bytes: number, low: boolean}} StorageFacts */
/** @typedef {"connecting" | "live" | "lost"} LinkState */

/**
 * What the page knows.
 * @typedef {object} State_
 * @property {ReadonlyMap<string, Job>} jobs by id
 * @property {QueueFacts | null} queue
 * @property {LinkState} link
 * @property {number | null} lostSince milliseconds
 * @property {ReadonlySet<string>} hidden deleted by the user, but not yet at the daemon
 * @property {Record<string, number> | null} counts jobs by state
 * @property {StorageFacts | null} storage
 * @property {boolean | null} runpod
 * @property {number} clock counts the batches of actions
 * @property {ReadonlyMap<string, number>} touched when an event last told of a job, by that clock
 * @property {boolean} isLoaded the first page has come
 * @property {boolean} isRefused the daemon wants a token that this browser has not
 */

/**
 * Something that happened.
 * @typedef {{kind: "job", job: Job}
 *   | {kind: "gone", id: string}
 *   | {kind: "queue", queue: QueueFacts}
 *   | {kind: "reset"}
 *   | {kind: "link", link: LinkState, at: number}
 *   | {kind: "page", jobs: Job[], asOf: number, isWhole?: boolean}
 *   | {kind: "hide", ids: string[]}
 *   | {kind: "unhide", ids: string[]}
 *   | {kind: "facts", counts?: Record<string, number>, storage?: StorageFacts, runpod?: boolean, isRefused?: boolean}} Action
 */

/**
 * One card of the list: a job alone, or the takes of one prompt.
 * @typedef {object} Row
 * @property {string} key
 * @property {Job[]} jobs takes in the order in which they were asked for
 * @property {number} rank 0 runs, 1 waits, 2 has ended
 * @property {number} order within the rank, smaller first
 */

/**
 * What the user wants to see.
 * @typedef {object} Filter
 * @property {"all" | "active" | "done" | "failed" | "canceled"} state
 * @property {string} text as typed
 */

export {};
