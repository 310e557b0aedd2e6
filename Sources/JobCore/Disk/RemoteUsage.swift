/// What a run at a provider has used up.
public struct RemoteUsage: Sendable, Equatable {
    /// Milliseconds in the provider's queue. It starts anew when the provider tries again.
    public var delay: Int?
    /// Milliseconds at work.
    public var execution: Int?
    /// US dollars: what the provider named, else seconds at work times the price of a second.
    public var cost: Double?

    public init(delay: Int? = nil, execution: Int? = nil, cost: Double? = nil) {
        (self.delay, self.execution, self.cost) = (delay, execution, cost)
    }

    /// The keys beside others in a JSON object.
    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        fields["delay_ms"] = delay.map { .integer(Int64($0)) }
        fields["execution_ms"] = execution.map { .integer(Int64($0)) }
        fields["cost_usd"] = cost.map { .number($0) }
        return fields
    }

    init(fields: [String: JSONValue]) {
        self.init(
            delay: fields["delay_ms"]?.count, execution: fields["execution_ms"]?.count,
            cost: fields["cost_usd"]?.number.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil })
    }

    /// `queue 2.4 s, GPU 41.2 s, $0.0123`; nil when nothing is known.
    public var sentence: String? {
        let parts = [
            delay.map { "queue \(Self.seconds($0))" }, execution.map { "GPU \(Self.seconds($0))" },
            cost.map { "$\(DecimalText.text($0, digits: 4))" },
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func seconds(_ milliseconds: Int) -> String {
        "\(DecimalText.text(Double(milliseconds) / 1000, digits: 1)) s"
    }
}
