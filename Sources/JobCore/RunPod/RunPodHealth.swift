/// The counters of `/health`, and why a run that waits does not start.
public struct RunPodHealth: Sendable, Equatable {
    public var waiting = 0
    public var idle = 0, initializing = 0, ready = 0, running = 0, throttled = 0, unhealthy = 0

    /// Nil when it is no health object. What is missing counts as zero.
    public init?(_ value: JSONValue) {
        guard let fields = value.object, let workers = fields["workers"]?.object else { return nil }
        waiting = fields["jobs"]?.object?["inQueue"]?.count ?? 0
        func count(_ key: String) -> Int { workers[key]?.count ?? 0 }
        (idle, initializing, ready) = (count("idle"), count("initializing"), count("ready"))
        (running, throttled, unhealthy) = (count("running"), count("throttled"), count("unhealthy"))
    }

    /// Why a run waits in the queue, in the order of what a person can do about it.
    public var hint: RemoteHint {
        if unhealthy > 0, ready + running + idle == 0 { return .workerCrashLooping }
        if idle + ready > 0 || running > 0 { return running > 0 && idle == 0 ? .waitingForGPU : .warmingGPU }
        if initializing > 0 { return .warmingGPU }
        if throttled > 0 { return .waitingForGPU }
        return .noWorkers
    }
}
