/// How long a server asks to be left alone.
///
/// Source: RFC 9110, 10.2.3: a number of seconds, or a date as in `Tue, 24 Nov 2026 08:49:37 GMT`.
public enum RetryAfter {
    /// What a longer wish becomes.
    public static let longest = Duration.seconds(3600)

    /// The wait, from 0 to an hour; nil when the text is neither form.
    public static func duration(_ text: String, now: Timestamp) -> Duration? {
        let text = text.trimmingPrefix(" ")
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { min(.seconds($0), longest) } ?? longest
        }
        guard let moment = moment(text) else { return nil }
        return min(max(.milliseconds(moment.milliseconds - now.milliseconds), .zero), longest)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func moment(_ text: Substring) -> Timestamp? {
        let words = text.split(whereSeparator: { " ,".contains($0) })
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2])),
            let year = Int(words[3]), year <= 9999, day >= 1
        else { return nil }
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return Timestamp("\(padded(year, 4))-\(padded(month + 1, 2))-\(padded(day, 2))T\(words[4])Z")
    }
}
