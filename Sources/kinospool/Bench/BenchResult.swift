import JobCore

/// One figure after all rounds: medians of ours, of the limit and of the steps.
struct BenchResult: Sendable {
    let figure: BenchFigure
    let ours: Double
    let limit: Double?, steps: Double?
    let rounds: Int

    /// One result for each figure, in the order in which the figures came first.
    static func all(_ readings: [BenchReading]) -> [BenchResult] {
        var order: [BenchFigure] = []
        var byFigure: [BenchFigure: [BenchReading]] = [:]
        for reading in readings {
            if byFigure[reading.figure] == nil { order.append(reading.figure) }
            byFigure[reading.figure, default: []].append(reading)
        }
        return order.map { figure in
            let own = byFigure[figure] ?? []
            let (limits, steps) = (own.compactMap(\.limit), own.compactMap(\.steps))
            return BenchResult(
                figure: figure, ours: BenchNumber.median(own.map(\.ours)),
                limit: limits.isEmpty ? nil : BenchNumber.median(limits),
                steps: steps.isEmpty ? nil : BenchNumber.median(steps), rounds: own.count)
        }
    }

    /// Ours by the limit's: for durations less is better, for rates more.
    var ratio: Double? { limit.flatMap { $0 > 0 ? ours / $0 : nil } }

    /// Whether every bound is kept; nil without a goal.
    var isGoalMet: Bool? {
        figure.goal.map { goal in goal.bounds.allSatisfy { $0.isMet(ours: ours, limit: limit) ?? true } }
    }

    /// The bounds in words, nil without a goal.
    var goalText: String? {
        figure.goal.map { goal in goal.bounds.map { $0.text(unit: figure.unit) }.joined(separator: ", ") }
    }

    /// - Parameter fileSystem: where it was measured.
    func json(fileSystem: String) -> JSONValue {
        [
            "name": .string(figure.name), "title": .string(figure.title), "unit": .string(figure.unit),
            "size": figure.size.map { .integer(Int64($0)) } ?? .null, "ours": .number(ours),
            "limit": limit.map { .number($0) } ?? .null,
            "limit_is": figure.limit.map { .string($0) } ?? .null,
            "steps": steps.map { .number($0) } ?? .null,
            "ratio": ratio.map { .number($0) } ?? .null, "goal": goalText.map { .string($0) } ?? .null,
            "goal_number": figure.goal.map { .integer(Int64($0.number)) } ?? .null,
            "goal_met": isGoalMet.map { .bool($0) } ?? .null,
            "durability": figure.durability.map { .string($0.rawValue) } ?? .null,
            "file_system": .string(fileSystem), "rounds": .integer(Int64(rounds)),
        ]
    }
}
