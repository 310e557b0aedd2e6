/// One group of figures and how it comes about; blocking.
protocol Measurement: Sendable {
    /// What `--only` calls it.
    static var name: String { get }
    /// One round.
    ///
    /// - Returns: each figure, ours beside the limit, one after the other in the same minute.
    func round(_ ground: BenchGround) throws -> [BenchReading]
}
