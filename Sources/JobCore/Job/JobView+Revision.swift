extension JobView {
    /// A text that changes whenever something a client is shown changes, but for the time of the last heartbeat.
    public func revision(at now: Timestamp, policy: Policy) -> String {
        var shown = self
        shown.heartbeatAt = nil
        let text = JSONWriter.compact(shown.json(at: now, policy: policy))
        return String(StableHash.of(text), radix: 36)
    }
}
