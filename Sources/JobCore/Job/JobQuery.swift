/// Which jobs to list, newest first.
public struct JobQuery: Sendable, Equatable {
    /// How many jobs one page may hold.
    public static let limits = 1...500

    /// Only these states; empty means all.
    public let states: Set<JobState>
    /// Only these types, as written in the job files; empty means all.
    public let types: Set<String>
    /// Only jobs whose id or prompt contains this, in any case; nil means all.
    public let text: String?
    /// Jobs in one page.
    public let limit: Int
    /// Begin after this place; nil begins with the newest.
    public let after: JobCursor?

    /// - Parameters:
    ///   - text: `""` is taken as nil.
    ///   - limit: 1…500; default 50.
    /// - Throws: `config_error` when the limit is outside its range.
    public init(
        states: Set<JobState> = [], types: Set<String> = [], text: String? = nil, limit: Int = 50,
        after: JobCursor? = nil
    ) throws(Failure) {
        guard Self.limits.contains(limit) else {
            throw Failure(
                .configError, "limit must be 1 to \(Self.limits.upperBound), but it is \(limit).",
                hint: "Ask for at most \(Self.limits.upperBound) jobs and go on after the last one.")
        }
        (self.states, self.types, self.limit, self.after) = (states, types, limit, after)
        self.text = text.flatMap { $0.isEmpty ? nil : $0 }
    }
}
