/// Times in caption files.
enum CaptionClock {
    /// `[H:]MM:SS[.fff]` with a comma or a point, as seconds; nil for anything else, and for 100 hours and more.
    static func seconds(_ text: some StringProtocol) -> Double? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let last = parts.last else { return nil }
        let split = last.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".")
        }
        guard let second = number(split.first, digits: 1...2, below: 60),
            let minute = number(parts[parts.count - 2], digits: 1...2, below: 60),
            let hour = parts.count == 3 ? number(parts.first, digits: 1...2, below: 100) : 0
        else { return nil }
        var (total, scale) = ((hour * 60 + minute) * 60 + second, 1)
        if split.count == 2 {
            guard let part = number(split.last, digits: 1...9, below: .max) else { return nil }
            for _ in 0..<(split.last?.count ?? 0) { scale *= 10 }
            total = total * scale + part
        }
        return Double(total) / Double(scale)
    }

    /// `TIME --> TIME` with anything after it: the times of a SubRip or WebVTT cue. Nil when it is no such line.
    static func span(_ line: some StringProtocol) -> (start: Double, end: Double)? {
        guard line.utf8.contains(UInt8(ascii: ">")), let arrow = line.firstRange(of: "-->") else { return nil }
        let before = words(line[..<arrow.lowerBound])
        guard before.count == 1, let left = before.first, let right = words(line[arrow.upperBound...]).first,
            let start = seconds(left), let end = seconds(right)
        else { return nil }
        return (start, end)
    }

    /// `00:01:02,500`, SubRip's form, rounded to milliseconds.
    static func subRip(_ seconds: Double) -> String {
        let total = Int((min(max(seconds, 0), Cue.latestEnd) * 1000).rounded())
        let clock = [total / 3_600_000, total / 60_000 % 60, total / 1000 % 60].map { padded($0, 2) }
        return clock.joined(separator: ":") + "," + padded(total % 1000, 3)
    }

    /// `0:01:02.50`, the form of ASS.
    ///
    /// libass reads hours with a sign and adds the rest, so half a second before the start is `-1:59:59.50`.
    static func ass(centiseconds: Int) -> String {
        let rest = ((centiseconds % 360_000) + 360_000) % 360_000
        let hours = (centiseconds - rest) / 360_000
        return "\(hours):\(padded(rest / 6000, 2)):\(padded(rest / 100 % 60, 2)).\(padded(rest % 100, 2))"
    }

    private static func words<Text: StringProtocol>(_ text: Text) -> [Text.SubSequence] {
        text.split { $0 == " " || $0 == "\t" }
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    private static func number(
        _ digits: (some Collection<UInt8>)?, digits count: ClosedRange<Int>, below limit: Int
    ) -> Int? {
        guard let digits, count.contains(digits.count) else { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number < limit ? number : nil
    }
}
