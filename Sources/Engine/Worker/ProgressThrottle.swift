/// Lets a report through at most once a second.
struct ProgressThrottle {
    /// What the backend last said it is doing.
    var message = ""
    private var last: Duration?

    static let interval = Duration.seconds(1)

    /// - Parameter now: any clock that never goes back.
    mutating func isDue(at now: Duration) -> Bool {
        if let last, now - last < Self.interval { return false }
        last = now
        return true
    }
}
