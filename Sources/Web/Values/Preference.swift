/// What `Prefer` (RFC 7240) asks for that we know of.
struct Preference: Sendable, Equatable {
    /// How long to wait for what is asked for; nil: not at all.
    let wait: Int?
    /// `handling=strict`: what is not understood is refused.
    let isStrict: Bool

    /// The longest wait, in seconds.
    static let longestWait = 60

    init(header: String?) {
        var (wait, isStrict) = (Int?.none, false)
        for item in (header ?? "").split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let pair = item.split(separator: "=", maxSplits: 1).map { part in
                part.filter { !$0.isWhitespace && $0 != "\"" }.lowercased()
            }
            switch (pair.first, pair.last) {
            case ("wait", let value?): wait = Int(value).map { min(max($0, 0), Self.longestWait) }
            case ("handling", "strict"): isStrict = true
            default: continue
            }
        }
        (self.wait, self.isStrict) = (wait, isStrict)
    }
}
