/// What one attempt wants people to know of a film that is made all the same: few, short, without secrets.
public struct WarningList: Sendable, Equatable {
    /// The most that are kept, and the most characters of one.
    public static let maximumCount = 20, maximumLength = 300

    /// In the order they came.
    public private(set) var texts: [String] = []

    public init(_ texts: [String] = []) {
        for text in texts { add(text) }
    }

    /// Keeps one more, redacted and cut; the same words count once, and what is beyond the limit is dropped.
    public mutating func add(_ text: String) {
        let redacted = Redaction.redacted(text).split(whereSeparator: \.isNewline).joined(separator: " ")
        let isLong = redacted.count > Self.maximumLength
        let kept = isLong ? redacted.prefix(Self.maximumLength - 1) + "…" : redacted
        guard texts.count < Self.maximumCount, !kept.isEmpty, !texts.contains(kept) else { return }
        texts.append(kept)
    }
}
