/// Figures in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsText: Sendable {
    enum Kind: String, Sendable { case gauge, counter }

    private(set) var text = ""

    /// One figure without labels.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [([:], value)])
    }

    /// One figure for each set of labels.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [([String: String], Double)]) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for (labels, value) in samples {
            let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
            let whole = Int64(exactly: value).map { "\($0)" } ?? "\(value)"
            text += "\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(whole)\n"
        }
    }
}
