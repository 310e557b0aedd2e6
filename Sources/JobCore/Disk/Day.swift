/// A day in UTC, by the name of its day folder: `2026-11-22`.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Four digits, two, two.
    public let text: String

    /// The day of a moment.
    public init(of time: Timestamp) { text = String(time.text.prefix(10)) }

    /// Nil unless the text is a day of the calendar, written in exactly this form: only then it becomes a path.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 10, Timestamp("\(text)T00:00:00Z") != nil else { return nil }
        self.text = String(text)
    }

    public var description: String { text }

    public static func < (left: Day, right: Day) -> Bool { left.text < right.text }
}
