/// The `id` of an event: its number, and which run of the daemon counted it.
struct EventID: Sendable, Equatable {
    /// -1, which is before all of them, for an event of another run.
    let sequence: Int
    let epoch: String

    init(sequence: Int, epoch: String) { (self.sequence, self.epoch) = (sequence, epoch) }

    /// Reads what a client heard last.
    ///
    /// - Parameter epoch: the present run's.
    init(_ text: String, epoch: String) {
        let parts = text.split(separator: "-", maxSplits: 1)
        let isOurs = parts.count == 2 && parts[0] == epoch
        self.init(sequence: isOurs ? Int(parts[1]) ?? -1 : -1, epoch: epoch)
    }

    var text: String { "\(epoch)-\(sequence)" }
}
