import ArgumentParser

/// A time on the command line: `90`, `90s`, `0.5`, `500ms`, `30m`, `2h`.
struct TimeSpan: ExpressibleByArgument, Sendable, Equatable {
    let duration: Duration

    /// Nil for anything else, for less than nothing, and for more than a year.
    init?(argument: String) {
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let scales: [String: Double] = ["": 1000, "s": 1000, "ms": 1, "m": 60_000, "h": 3_600_000]
        guard let scale = scales[String(argument.dropFirst(number.count))], let value = Double(number), value >= 0,
            value * scale <= 366 * 86_400_000
        else { return nil }
        duration = .milliseconds(Int64(value * scale))
    }
}
