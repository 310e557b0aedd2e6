/// Every way a job or a command can fail: the one table that the command line, the API, the panel and the docs share.
///
/// The raw values are what users match on; they never change. `Documentation/errors.md` is generated from here.
public enum FailureCode: String, CaseIterable, Sendable {
    case workerTimeout = "worker_timeout"
    case userCanceled = "user_canceled"
    case configError = "config_error"
    case runpodSubmitError = "runpod_submit_error"
    case runpodExecutionError = "runpod_execution_error"
    case ffmpegError = "ffmpeg_error"
    case internalError = "internal_error"
    case invalidJob = "invalid_job"
    case invalidVideo = "invalid_video"
    case runpodResultExpired = "runpod_result_expired"
    case submitUnknown = "submit_unknown"
    case diskFull = "disk_full"
    case dependencyFailed = "dependency_failed"
    case costCapExceeded = "cost_cap_exceeded"

    /// One sentence for people who see the code for the first time.
    public var sentence: String {
        switch self {
        case .workerTimeout: "The worker went silent for longer than the heartbeat timeout, so the job was stopped."
        case .userCanceled: "The job was canceled; nothing it made is kept."
        case .configError: "The job needs something this set-up does not have."
        case .runpodSubmitError: "RunPod did not accept the job; nothing ran."
        case .runpodExecutionError: "The job ran at RunPod and failed there."
        case .ffmpegError: "ffmpeg could not do its part."
        case .internalError: "Something failed that should not; the job's log says what."
        case .invalidJob: "The job file asks for something that cannot be."
        case .invalidVideo: "The job finished, but what it made is no playable film."
        case .runpodResultExpired: "RunPod no longer holds the result of the job."
        case .submitUnknown: "The connection broke while the job was handed to RunPod; whether it runs is not known."
        case .diskFull: "The disk is too full to go on."
        case .dependencyFailed: "A job that this one needs failed or was canceled."
        case .costCapExceeded: "The spending limit is reached."
        }
    }

    /// The command or setting that most often mends it, where the place of failure knows nothing better.
    public var hint: String {
        switch self {
        case .workerTimeout: "Run it again: kinospool retry ID. Longer silence is allowed by JOB_HEARTBEAT_TIMEOUT."
        case .userCanceled: "Run it again: kinospool retry ID."
        case .configError: "See the settings and where each comes from: kinospool config."
        case .runpodSubmitError: "Check RUNPOD_API_KEY and RUNPOD_ENDPOINT: kinospool config."
        case .runpodExecutionError: "See what the worker said: kinospool logs ID."
        case .ffmpegError: "See what ffmpeg said: kinospool logs ID."
        case .internalError: "See kinospool logs ID, then kinospool retry ID."
        case .invalidJob: "Correct the job file and drop it again; spool/examples has one of each type."
        case .invalidVideo: "See kinospool logs ID, then kinospool retry ID."
        case .runpodResultExpired: "Run it again: kinospool retry ID."
        case .submitUnknown: "Look at the endpoint's requests at RunPod before you run: kinospool retry ID."
        case .diskFull: "Free some space, for example: kinospool rm ID. The limit is KINOSPOOL_MIN_FREE."
        case .dependencyFailed: "Mend the job it needs, then: kinospool retry ID."
        case .costCapExceeded: "Raise the limit or wait, then: kinospool retry ID."
        }
    }

    /// True when trying once more, unchanged, may well succeed; only such failures are retried without asking.
    public var isRetryable: Bool {
        switch self {
        case .workerTimeout, .internalError, .runpodSubmitError, .runpodExecutionError, .ffmpegError: true
        case .userCanceled, .configError, .invalidJob, .invalidVideo, .runpodResultExpired, .submitUnknown,
            .diskFull, .dependencyFailed, .costCapExceeded:
            false
        }
    }
}
