/// What one round brought for one figure.
struct BenchReading: Sendable {
    let figure: BenchFigure
    let ours: Double
    /// The same work by bare system calls in the same round; nil where there is no such thing.
    let limit: Double?

    init(_ figure: BenchFigure, _ ours: Double, limit: Double? = nil) {
        (self.figure, self.ours, self.limit) = (figure, ours, limit)
    }
}
