/// Who makes the film. Each backend is its own lane with its own number of slots.
public enum Lane: String, CaseIterable, Sendable {
    case noop, preview, ffmpeg, speech, runpod

    /// Slots when `KINOSPOOL_CONCURRENCY` does not name the lane.
    public var defaultSlots: Int {
        switch self {
        case .preview, .ffmpeg, .speech: 1
        case .runpod: 3
        case .noop: 64
        }
    }

    /// True when running here costs money: such lanes stay closed after a restore until a person resumes them.
    public var isPaid: Bool { self == .runpod }

    /// True when its work writes large files here for as long as it runs. RunPod's does so only when it fetches what
    /// was paid for, which is never stopped.
    public var fillsTheDisk: Bool {
        switch self {
        case .preview, .ffmpeg, .speech: true
        case .noop, .runpod: false
        }
    }
}
