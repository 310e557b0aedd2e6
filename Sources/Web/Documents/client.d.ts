// The types of client.js, written by Scripts/client-types from openapi.json: change that, not this.

/** A JSON object whose keys are the job's own. */
export type Parameters = Record<string, unknown>;

export type JobRequest = JobKeys & ({
  type: "NOOP";
  params?: {
    seconds?: number | null;
    output_bytes?: number | null;
    fail?: "worker_timeout" | "user_canceled" | "config_error" | "runpod_submit_error" | "runpod_execution_error" | "ffmpeg_error" | "internal_error" | "invalid_job" | "invalid_video" | "runpod_result_expired" | "submit_unknown" | "disk_full" | "dependency_failed" | "cost_cap_exceeded" | null;
  } | null;
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
} | {
  type: "RENDER";
  params: {
    prompt: string;
    negative_prompt?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    end_image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    audio?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    video?: string | null;
    duration?: number | null;
    num_frames?: number | null;
    fps?: number | null;
    /** `480p 720p 1080p` or `WxH`. */
    resolution?: string | null;
    aspect_ratio?: "16:9" | "9:16" | "1:1" | "4:3" | null;
    steps?: number | null;
    guidance?: number | null;
    seed?: number | null;
    text?: string | null;
    voice?: string | null;
    embed_recipe?: boolean | null;
  };
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
} | {
  type: "IMG2VID";
  params: {
    prompt?: string | null;
    negative_prompt?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    image: string;
    /** An attachment, `upload:<sha256>` or a URL. */
    end_image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    audio?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    video?: string | null;
    duration?: number | null;
    num_frames?: number | null;
    fps?: number | null;
    /** `480p 720p 1080p` or `WxH`. */
    resolution?: string | null;
    aspect_ratio?: "16:9" | "9:16" | "1:1" | "4:3" | null;
    steps?: number | null;
    guidance?: number | null;
    seed?: number | null;
    text?: string | null;
    voice?: string | null;
    embed_recipe?: boolean | null;
  };
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
} | {
  type: "TTS";
  params: {
    prompt?: string | null;
    negative_prompt?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    end_image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    audio?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    video?: string | null;
    duration?: number | null;
    num_frames?: number | null;
    fps?: number | null;
    /** `480p 720p 1080p` or `WxH`. */
    resolution?: string | null;
    aspect_ratio?: "16:9" | "9:16" | "1:1" | "4:3" | null;
    steps?: number | null;
    guidance?: number | null;
    seed?: number | null;
    text: string;
    voice?: string | null;
    embed_recipe?: boolean | null;
  };
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
} | {
  type: "LIPSYNC";
  params: {
    prompt?: string | null;
    negative_prompt?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    end_image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    audio: string;
    /** An attachment, `upload:<sha256>` or a URL. */
    video?: string | null;
    duration?: number | null;
    num_frames?: number | null;
    fps?: number | null;
    /** `480p 720p 1080p` or `WxH`. */
    resolution?: string | null;
    aspect_ratio?: "16:9" | "9:16" | "1:1" | "4:3" | null;
    steps?: number | null;
    guidance?: number | null;
    seed?: number | null;
    text?: string | null;
    voice?: string | null;
    embed_recipe?: boolean | null;
  };
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
} | {
  type: "TRAIN_TWIN";
  params?: {
    prompt?: string | null;
    negative_prompt?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    end_image?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    audio?: string | null;
    /** An attachment, `upload:<sha256>` or a URL. */
    video?: string | null;
    duration?: number | null;
    num_frames?: number | null;
    fps?: number | null;
    /** `480p 720p 1080p` or `WxH`. */
    resolution?: string | null;
    aspect_ratio?: "16:9" | "9:16" | "1:1" | "4:3" | null;
    steps?: number | null;
    guidance?: number | null;
    seed?: number | null;
    text?: string | null;
    voice?: string | null;
    embed_recipe?: boolean | null;
  } | null;
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
} | {
  type: "EXPORT";
  params: {
    clips: (string | {
      /** An attachment, `upload:<sha256>` or a URL. */
      url: string;
      start?: number | null;
      /** After `start`. */
      end?: number | null;
    })[];
    captions?: {
      text: string;
      start: number;
      /** After `start`. */
      end: number;
    }[] | string;
  };
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
});

export interface JobPatch {
  priority?: number | null;
  note?: string | null;
  tags?: string[] | null;
  max_attempts?: number | null;
  not_before?: string | null;
  /** Merged into the parameters. */
  params?: Parameters;
  backend?: "noop" | "preview" | "ffmpeg" | "speech" | "runpod" | null;
  profile?: string | null;
  needs?: string[] | null;
  webhook_url?: string | null;
}

export interface Accepted {
  job_id: string;
  status: "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELED";
  created_at: string;
}

export interface Video {
  id: string;
  object: "video";
  status: "queued" | "in_progress" | "completed" | "failed" | "canceled";
  progress: number;
  model: string;
  prompt?: string | null;
  seconds: string;
  size: string;
  created_at: number;
  completed_at?: number | null;
  expires_at?: null;
  error?: {
    code?: string;
    message?: string;
  } | null;
  remixed_from_video_id?: string | null;
}

export interface VideoRequest {
  prompt: string;
  model?: string | null;
  size?: "720x1280" | "1280x720" | "1024x1792" | "1792x1024" | "320x180" | null;
  seconds?: "1" | "4" | "8" | "12" | 1 | 4 | 8 | 12 | null;
}

export interface Job {
  v?: 1;
  job_id: string;
  type: string;
  status: "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELED";
  state?: "queued" | "running" | "done" | "failed" | "canceled";
  progress: number;
  status_hint: string | null;
  status_message: string;
  output_urls: string[];
  artifacts?: Artifact[];
  error: {
    code: string;
    message: string;
    hint?: string;
    retryable?: boolean;
  } | null;
  warnings?: string[];
  params?: unknown;
  priority?: number;
  attempt?: number;
  remote_id?: string | null;
  remote_runs?: unknown[];
  started_at: string | null;
  finished_at: string | null;
  heartbeat_at?: string | null;
  scheduled_for?: string | null;
  created_at: string;
  updated_at: string;
  tags?: string[];
  note?: string | null;
  starred?: boolean;
}

export interface Artifact {
  name: string;
  kind: "video" | "audio" | "image" | "data";
  bytes: number;
  sha256: string;
  duration?: number;
  width?: number;
  height?: number;
  fps?: number;
  video_codec?: string;
  audio_codec?: string;
  poster?: string;
  contact_sheet?: string;
  url?: string;
  poster_url?: string;
  contact_sheet_url?: string;
}

export interface Queue {
  queued: number;
  running: number;
  paused: boolean;
  paid_paused: boolean;
}

export interface Upload {
  url: string;
  sha256: string;
  media_type: string;
  bytes: number;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  hint?: string;
  retryable: boolean;
  request_id: string;
  errors?: {
    pointer: string;
    detail: string;
  }[];
  error: {
    code: string;
    message: string;
    hint?: string;
    retryable?: boolean;
  };
}

export interface Webhook {
  /** Its `webhook-id`. */
  id: string;
  type: "job.done" | "job.failed" | "job.canceled" | "queue.idle" | "storage.low";
  state: "pending" | "delivered" | "failed" | "disabled";
  /** The same for all to one address. */
  endpoint: string;
  /** Protocol and host of the address; the rest may be a secret. */
  host: string;
  job_id: string | null;
  tries: number;
  created_at: string;
  next_at: string | null;
  ended_at: string | null;
  last_status: number | null;
  last_error: string | null;
}

export type BulkOrder = {
  action: "cancel" | "retry" | "delete";
  ids?: string[];
  /** As in the query of `GET /jobs`. */
  filter?: {
    state?: string;
    type?: string;
    q?: string;
  };
  /** For retry: parameters to change first. */
  set?: Parameters;
};

export interface Cleanup {
  v?: 1;
  executed: boolean;
  days: number | null;
  cutoff: string | null;
  jobs: number;
  files: number;
  bytes: number;
  by_state: Parameters;
  job_ids: string[];
  kept: number;
  needed: number;
  leftovers: Parameters[];
  leftover_count: number;
  deleted_jobs?: number;
  artifacts_cleaned?: number;
  deleted_leftovers?: number;
  skipped?: number;
  failed?: number;
  failures?: string[];
}

/** Keys of every job beside those of its type. */
export interface JobKeys {
  job_id?: string;
  not_before?: string;
  backend?: string;
  profile?: string;
  webhook_url?: string;
  idempotency_key?: string;
  needs?: string[];
}

/** What `cancel` answers. */
export interface Canceled {
  job_id: string;
  status: Job["status"];
  message: string;
}

/** What `remove` answers. */
export interface Deleted {
  job_id: string;
  deleted: boolean;
  artifacts_cleaned: number;
}

/** What `bulk` answers. */
export interface BulkResult {
  action: BulkOrder["action"];
  done: number;
  failed: number;
  /** The filter may find more: ask again. */
  more: boolean;
  results: { job_id: string; status?: string; error?: { code: string; message: string } }[];
}

/** What happened, always the whole present state. */
export type KinospoolEvent =
  | { id: string; event: "job"; data: Job | { job_id: string; deleted: true } }
  | { id: string; event: "queue"; data: Queue }
  | { id: string; event: "reset"; data: Record<string, never> };

export interface ClientOptions {
  /** The bearer token, where the daemon has one. */
  token?: string;
  /** Instead of the global one. */
  fetch?: typeof globalThis.fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface SubmitOptions extends CallOptions {
  /** The idempotency key; a new one without it. */
  key?: string;
}

export interface WaitOptions extends CallOptions {
  /** Seconds; without it as long as it takes. */
  timeout?: number;
}

export interface EditOptions extends CallOptions {
  /** What the job must be like. */
  etag?: string;
}

export interface ListQuery extends CallOptions {
  /** `queued`, `running`, `active`, …, joined by commas. */
  state?: string;
  type?: string;
  /** In the id or in the prompt. */
  q?: string;
  /** Jobs of one page; all pages are fetched. */
  limit?: number;
}

export interface EventOptions extends CallOptions {
  /** Those of one job alone. */
  job?: string;
  /** The `id` of the event that was heard last. */
  since?: string;
}

export interface KinospoolClient {
  readonly base: string;
  /** Makes a job. Sent again where the answer is lost; that makes no second job. */
  submit(job: JobRequest, options?: SubmitOptions): Promise<Accepted>;
  get(id: string, options?: CallOptions): Promise<Job>;
  /** The job when it has ended, or when the time is over. */
  wait(id: string, options?: WaitOptions): Promise<Job>;
  /** Every job that the query finds, newest first, page by page. */
  list(query?: ListQuery): AsyncGenerator<Job, void, undefined>;
  cancel(id: string, options?: CallOptions): Promise<Canceled>;
  /** Runs an ended job again; `set` changes parameters first, null removes one. */
  retry(id: string, set?: Parameters, options?: SubmitOptions): Promise<Job>;
  /** Changes a job that waits, by JSON Merge Patch. */
  edit(id: string, patch: JobPatch, options?: EditOptions): Promise<Job>;
  remove(id: string, options?: CallOptions): Promise<Deleted>;
  bulk(order: BulkOrder, options?: CallOptions): Promise<BulkResult>;
  artifacts(id: string, options?: CallOptions): Promise<Artifact[]>;
  log(id: string, options?: CallOptions): Promise<string>;
  /** Its `url` may stand in a job's `image`, `audio`, … */
  upload(bytes: BodyInit, type: string, options?: CallOptions): Promise<Upload>;
  pause(): Promise<Queue>;
  resume(): Promise<Queue>;
  webhooks(options?: CallOptions & { limit?: number }): Promise<Webhook[]>;
  replay(id: string): Promise<Webhook>;
  /** What happens, until the signal is aborted; a broken connection is taken up again where it broke. */
  events(options?: EventOptions): AsyncGenerator<KinospoolEvent, void, undefined>;
}

export declare class Kinospool implements KinospoolClient {
  constructor(base?: string, options?: ClientOptions);
  readonly base: string;
  submit: KinospoolClient["submit"];
  get: KinospoolClient["get"];
  wait: KinospoolClient["wait"];
  list: KinospoolClient["list"];
  cancel: KinospoolClient["cancel"];
  retry: KinospoolClient["retry"];
  edit: KinospoolClient["edit"];
  remove: KinospoolClient["remove"];
  bulk: KinospoolClient["bulk"];
  artifacts: KinospoolClient["artifacts"];
  log: KinospoolClient["log"];
  upload: KinospoolClient["upload"];
  pause: KinospoolClient["pause"];
  resume: KinospoolClient["resume"];
  webhooks: KinospoolClient["webhooks"];
  replay: KinospoolClient["replay"];
  events: KinospoolClient["events"];
}

/** What the daemon refused. */
export declare class KinospoolError extends Error {
  constructor(problem: Problem);
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;
  readonly problem: Problem;
}
