/// A point in time: milliseconds since 1970-01-01 UTC.
///
/// The wall clock is for display and schedules only; nothing is ever declared dead by it (design: clocks).
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch.
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// RFC 3339, UTC, always three digits of milliseconds: `2026-11-23T14:03:55.123Z`.
    public var text: String {
        let (date, time) = (fields.date, fields.time)
        return Self.text([
            .digits(4, date.year), .sign("-"), .digits(2, date.month), .sign("-"), .digits(2, date.day), .sign("T"),
            .digits(2, time.hour), .sign(":"), .digits(2, time.minute), .sign(":"), .digits(2, time.second), .sign("."),
            .digits(3, time.millisecond), .sign("Z"),
        ])
    }

    /// Sortable and free of punctuation, for ids: `20261123-140355123`.
    public var compactText: String {
        let (date, time) = (fields.date, fields.time)
        return Self.text([
            .digits(4, date.year), .digits(2, date.month), .digits(2, date.day), .sign("-"),
            .digits(2, time.hour), .digits(2, time.minute), .digits(2, time.second), .digits(3, time.millisecond),
        ])
    }

    /// Reads RFC 3339 with `Z` or an offset, with or without a fraction; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var scan = FieldScanner(Array(text.utf8))
        guard let year = scan.digits(4), scan.skip("-"), let month = scan.digits(2), scan.skip("-"),
            let day = scan.digits(2), scan.skip("T") || scan.skip("t") || scan.skip(" "),
            let hour = scan.digits(2), scan.skip(":"), let minute = scan.digits(2), scan.skip(":"),
            let second = scan.digits(2), let millisecond = scan.fraction(), let offset = scan.offsetMinutes(),
            scan.isAtEnd,
            (1...12).contains(month), day >= 1, day <= Self.daysIn(month: month, year: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        let minutes = (days * 24 + hour) * 60 + minute - offset
        self.milliseconds = Int64(minutes * 60 + second) * 1000 + Int64(millisecond)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// This moment and some milliseconds more (or, negative, fewer); stops at the ends of the range.
    public func advanced(byMilliseconds amount: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(amount)
        return Timestamp(milliseconds: overflow ? (amount > 0 ? .max : .min) : sum)
    }

    private var fields: (date: Day, time: (hour: Int, minute: Int, second: Int, millisecond: Int)) {
        // RFC 3339 has four digits for the year: clamp to 0000…9999.
        let clamped = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let day = Int((Double(clamped) / 86_400_000).rounded(.down))
        let rest = Int(clamped - Int64(day) * 86_400_000)
        return (Self.date(daysSinceEpoch: day), (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000))
    }

    /// A part of a date text: a number with so many digits, or one ASCII character.
    private enum Part {
        case digits(Int, Int)
        case sign(Unicode.Scalar)
    }

    private static func text(_ parts: [Part]) -> String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            var count = 0
            for part in parts {
                switch part {
                case .sign(let sign):
                    buffer[count] = UInt8(ascii: sign)
                    count += 1
                case .digits(let width, var value):
                    for place in (count..<count + width).reversed() {
                        buffer[place] = UInt8(ascii: "0") + UInt8(value % 10)
                        value /= 10
                    }
                    count += width
                }
            }
            return count
        }
    }
}

/// The proleptic Gregorian calendar by Howard Hinnant: https://howardhinnant.github.io/date_algorithms.html
extension Timestamp {
    typealias Day = (year: Int, month: Int, day: Int)

    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func date(daysSinceEpoch: Int) -> Day {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let (day, civilMonth) = (dayOfYear - (153 * month + 2) / 5 + 1, month < 10 ? month + 3 : month - 9)
        return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
    }

    static func daysIn(month: Int, year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}

/// Walks over the fixed fields of a date text.
private struct FieldScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func digits(_ count: Int) -> Int? {
        guard position + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + count] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        position += count
        return value
    }

    /// Milliseconds of an optional fraction; digits beyond the third are dropped.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var (value, count) = (0, 0)
        while let digit = digits(1) {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 3)..<3 { value *= 10 }
        return value
    }

    mutating func offsetMinutes() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
