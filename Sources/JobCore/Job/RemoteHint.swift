/// Why a job that runs elsewhere shows no progress: `status_hint`.
public enum RemoteHint: String, CaseIterable, Sendable {
    case warmingGPU = "warming_gpu"
    case waitingForGPU = "waiting_for_gpu"
    case workerCrashLooping = "worker_crash_looping"
    case noWorkers = "no_workers"

    /// One sentence for `status_message`.
    public var sentence: String {
        switch self {
        case .warmingGPU: "Warming GPU: a worker is starting, no frame is done yet."
        case .waitingForGPU: "Waiting for a GPU: RunPod has none free for this endpoint right now."
        case .workerCrashLooping:
            "The endpoint's workers crash as they start: the job will not begin before its image is mended."
        case .noWorkers: "The endpoint has no workers: raise its max workers at RunPod (idle endpoints go to 0)."
        }
    }
}
