public import JobCore

extension JobID: ExpressibleByStringLiteral {
    /// An id in a test; one that is not legal becomes `illegal`, so that the test fails.
    public init(stringLiteral text: String) {
        self = JobID(text) ?? JobID(resembling: "illegal", random: 0)
    }
}
