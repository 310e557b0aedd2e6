/// What one round brought for one figure.
struct BenchReading: Sendable {
    let figure: BenchFigure
    let ours: Double
    /// The same work by bare system calls in the same round; nil where there is no such thing.
    let limit: Double?
    /// The spool's own steps in the same round, with nothing between them; nil where nobody took them alone.
    let steps: Double?

    init(_ figure: BenchFigure, _ ours: Double, limit: Double? = nil, steps: Double? = nil) {
        (self.figure, self.ours, self.limit, self.steps) = (figure, ours, limit, steps)
    }
}
