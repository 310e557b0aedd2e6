/// The body of `/run`, checked before a byte of it is sent.
public struct RunPodOrder: Sendable, Equatable {
    /// The largest body that `/run` takes, in bytes. RunPod answers a larger one with 400, or its edge with 502, which
    /// looks like a submit that may have gone through.
    public static let maximumBytes = 10 << 20
    /// What RunPod allows for both times.
    public static let executionTimeouts = Duration.seconds(5)...Duration.seconds(7 * 86_400)
    public static let timesToLive = Duration.seconds(10)...Duration.seconds(7 * 86_400)

    public let body: [UInt8]
    /// SHA-256 of the input alone, so that the same work is known again.
    public let digest: String
    public let timeToLive: Duration, executionTimeout: Duration

    /// - Parameters:
    ///   - executionTimeout: how long it may work; RunPod's own default of 10 minutes kills long films.
    ///   - timeToLive: from now until RunPod forgets it, whatever it does then.
    /// - Throws: `invalid_job` when nothing is asked or the body is too large.
    public init(
        input: [String: JSONValue], executionTimeout: Duration, timeToLive: Duration
    ) throws(Failure) {
        guard !input.isEmpty else {
            throw Failure(
                .invalidJob, "/params: RunPod takes no empty input.",
                hint: "Give the job the parameters that its worker needs.")
        }
        let timeout = min(max(executionTimeout, Self.executionTimeouts.lowerBound), Self.executionTimeouts.upperBound)
        let life = min(max(timeToLive, Self.timesToLive.lowerBound, timeout), Self.timesToLive.upperBound)
        (self.executionTimeout, self.timeToLive) = (timeout, life)
        var hash = SHA256()
        hash.update(JSONWriter.compact(.object(input)).utf8)
        digest = hash.finished()
        body = Array(
            JSONWriter.compact([
                "input": .object(input),
                "policy": [
                    "executionTimeout": .integer(timeout.milliseconds), "ttl": .integer(life.milliseconds),
                ],
            ]).utf8)
        guard body.count <= Self.maximumBytes else {
            let size = DecimalText.text(Double(body.count) / 1_048_576, digits: 1)
            throw Failure(
                .invalidJob, "/params: the request has \(size) MiB; RunPod takes 10 MiB, files included.",
                hint: "Files grow by a third on the way: use a smaller picture or sound, or give its URL.")
        }
    }
}
