import JobCore
import Synchronization

/// The `Date` of an answer (RFC 9110, 5.6.7), written once a second.
enum ServerDate {
    private static let last = Mutex<(second: Int64, text: String)>((-1, ""))

    static func text(at now: Timestamp) -> String {
        let second = now.milliseconds / 1000
        return last.withLock { last in
            if last.second != second { last = (second, now.httpText) }
            return last.text
        }
    }
}
