/// Where a job is in its life. On disk a state is a folder, and the folder is the only truth.
public enum JobState: String, CaseIterable, Sendable {
    case queued, running, done, failed, canceled

    /// Done, failed and canceled are left only by a person's wish (retry, `mv`), never by the product's own decision.
    public var isFinal: Bool {
        switch self {
        case .done, .failed, .canceled: true
        case .queued, .running: false
        }
    }

    /// The name in HTTP JSON and in the index, as the predecessor's clients know it.
    public var statusName: String {
        switch self {
        case .queued: "QUEUED"
        case .running: "RUNNING"
        case .done: "SUCCEEDED"
        case .failed: "FAILED"
        case .canceled: "CANCELED"
        }
    }

    /// Reads the folder's name or the status name, in any case.
    public init?(name: some StringProtocol) {
        let lowered = name.lowercased()
        let named = Self.allCases.first { $0.rawValue == lowered || $0.statusName.lowercased() == lowered }
        guard let named else { return nil }
        self = named
    }
}
