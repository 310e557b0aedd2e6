/// The job object that `/run`, `/status`, `/cancel` and sometimes an HTTP error answer with.
public struct RunPodReport: Sendable, Equatable {
    public var id: String?
    public var state: RunPodState
    public var usage: RemoteUsage
    /// How often RunPod itself has tried again.
    public var retries: Int
    /// The result, or the progress while it runs.
    public var output: JSONValue?
    public var error: JSONValue?

    /// Nil when it is no job object.
    public init?(_ value: JSONValue) {
        guard let fields = value.object, let word = fields["status"]?.string else { return nil }
        state = RunPodState(word)
        id = fields["id"]?.string.flatMap { RunPodEndpoint.isLegal(runID: $0) ? $0 : nil }
        usage = RemoteUsage(delay: fields["delayTime"]?.count, execution: fields["executionTime"]?.count)
        retries = fields["retries"]?.count ?? 0
        output = fields["output"].flatMap { $0 == .null ? nil : $0 }
        error = fields["error"].flatMap { $0 == .null || $0 == .string("") ? nil : $0 }
    }

    /// Running and over at once: progress that came late has overwritten the result (runpod-python issue 250).
    public var hasLostItsResult: Bool { state == .running && usage.execution != nil }
}
