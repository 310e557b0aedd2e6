import Glibc
import JobCore

/// Times for people: in their own time zone, as short as the distance allows.
enum ClockText {
    /// `14:31:07`, and `2026-11-23 14:31:07` for any other day than today's.
    static func text(_ time: Timestamp, now: Timestamp) -> String {
        let day = format(time, "%Y-%m-%d")
        let clock = format(time, "%H:%M:%S")
        return day == format(now, "%Y-%m-%d") ? clock : "\(day) \(clock)"
    }

    /// `0:09`, `1:52`, `2:03:10`.
    static func span(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds / 1000)
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        let tail = two(seconds % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(tail)" : "\(minutes):\(tail)"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }

    private static func format(_ time: Timestamp, _ pattern: String) -> String {
        var seconds = time_t(time.milliseconds / 1000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return time.text }
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, buffer.count, pattern, &parts)
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
