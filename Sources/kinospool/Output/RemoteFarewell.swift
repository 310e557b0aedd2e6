import JobCore

/// What is said of a run elsewhere when its job is canceled or deleted.
enum RemoteFarewell {
    /// `RunPod run a1b2-u1 is over: queue 2.4 s, GPU 41.2 s, $0.0123`
    static func sentence(_ run: RemoteRecord) -> String {
        let name = "RunPod run \(TerminalText.plain(run.id ?? "without id"))"
        let used = run.usage.sentence.map { ": \($0)" } ?? ""
        guard !run.mayBill else {
            return "\(name) is not confirmed as over yet\(used); a daemon (kinospool serve) ends it until it is."
        }
        return "\(name) is over\(used.isEmpty ? "." : used)"
    }
}
