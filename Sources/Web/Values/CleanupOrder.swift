import JobCore

/// The body of `POST /cleanup`: what may go, and whether it goes.
struct CleanupOrder: Sendable, Equatable {
    /// Jobs that ended longer ago, in days; nil: leftovers alone.
    let days: Int?
    /// False: a plan only.
    let isExecuting: Bool

    /// - Throws: `Failure` with a pointer.
    init(_ fields: [String: JSONValue]) throws(Failure) {
        let known: Set<String> = ["days", "orphaned", "execute"]
        if let stranger = fields.keys.sorted().first(where: { !known.contains($0) }) {
            throw Failure(.invalidJob, "/\(stranger.prefix(40)) is not known; days, orphaned and execute are")
        }
        func flag(_ name: String) throws(Failure) -> Bool {
            switch fields[name] {
            case nil: return false
            case .bool(let flag)?: return flag
            case let other?: throw Failure(.invalidJob, "/\(name) must be true or false (is \(other.kindName))")
            }
        }
        let isOrphaned = try flag("orphaned")
        isExecuting = try flag("execute")
        guard let days = fields["days"] else {
            self.days = isOrphaned ? nil : CleanupRule.defaultDays
            return
        }
        guard !isOrphaned else { throw Failure(.invalidJob, "/days is of no use with orphaned") }
        guard let number = days.integer.flatMap({ Int(exactly: $0) }), CleanupRule.allowedDays.contains(number) else {
            let range = CleanupRule.allowedDays
            throw Failure(
                .invalidJob, "/days must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        self.days = number
    }
}
