/// How far a run is, from whatever its worker reports: there is no common form.
public struct RunPodProgress: Sendable, Equatable {
    /// 0…100.
    public let percent: Int?
    /// What the worker said, where it used words.
    public let message: String?

    private static let keys = ["progress", "percent", "percentage", "progress_percent", "pct"]
    private static let counters = [("step", "total"), ("step", "total_steps"), ("current", "total"), ("value", "max")]

    /// - Parameter output: the `output` of a run that is in progress.
    public init(_ output: JSONValue?) {
        (percent, message) = Self.parts(of: output)
    }

    private static func parts(of output: JSONValue?) -> (Int?, String?) {
        switch output {
        case .string(let text): return (percent(text), text.isEmpty ? nil : RunPodReply.line(text))
        case .integer, .number: return (percent(of: output), nil)
        // Streams: the last word counts.
        case .array(let elements): return parts(of: elements.last)
        case .object(let fields):
            let direct = keys.lazy.compactMap { key in percent(of: fields[key]) }.first
            let counted = counters.lazy.compactMap { step, total in
                ratio(fields[step]?.number, fields[total]?.number)
            }.first
            let texts = ["message", "status", "stage"].compactMap { fields[$0]?.string }
            let told = direct ?? counted ?? texts.lazy.compactMap { percent($0) }.first
            return (told, texts.first { !$0.isEmpty }.map(RunPodReply.line))
        case .bool, .null, nil: return (nil, nil)
        }
    }

    private static func percent(of value: JSONValue?) -> Int? {
        switch value {
        case .integer(let number): number == 1 ? 1 : clamped(Double(number))
        case .number(let number): clamped(number <= 1 ? number * 100 : number)
        case .string(let text): percent(text)
        case .object, .array, .bool, .null, nil: nil
        }
    }

    /// `Update 1/3`, `4/10`, `42%`, `3;10;…`, a lone number.
    private static func percent(_ text: String) -> Int? {
        let numbers = numbers(in: text)
        for (index, number) in numbers.enumerated() {
            if number.next == UInt8(ascii: "%") { return clamped(number.value) }
            if number.next == UInt8(ascii: "/") || number.next == UInt8(ascii: ";"), index + 1 < numbers.count,
                let percent = ratio(number.value, numbers[index + 1].value)
            {
                return percent
            }
        }
        guard numbers.count == 1, let only = numbers.first, only.isAlone else { return nil }
        return clamped(only.hasPoint && only.value <= 1 ? only.value * 100 : only.value)
    }

    private struct Number {
        let value: Double
        let hasPoint: Bool, isAlone: Bool
        /// The byte after it, white space left out.
        let next: UInt8?
    }

    private static func numbers(in text: String) -> [Number] {
        let bytes = Array(text.utf8.prefix(500))
        var numbers: [Number] = []
        var index = 0
        while index < bytes.count {
            guard isDigit(bytes[index]) else { index += 1; continue }
            let start = index
            while index < bytes.count, isDigit(bytes[index]) || bytes[index] == UInt8(ascii: ".") { index += 1 }
            var end = index
            while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
            let digits = String(decoding: bytes[start..<end], as: UTF8.self)
            let next = bytes[index...].first { $0 != UInt8(ascii: " ") }
            if let value = Double(digits) {
                numbers.append(
                    Number(
                        value: value, hasPoint: digits.contains("."),
                        isAlone: bytes.enumerated().allSatisfy { (start..<end).contains($0) || $1 == 0x20 }, next: next)
                )
            }
        }
        return numbers
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func ratio(_ part: Double?, _ whole: Double?) -> Int? {
        guard let part, let whole, whole > 0, part >= 0, part <= whole else { return nil }
        return clamped(part / whole * 100)
    }

    private static func clamped(_ value: Double) -> Int? {
        value.isFinite && value >= 0 ? Int(min(value, 100)) : nil
    }
}
