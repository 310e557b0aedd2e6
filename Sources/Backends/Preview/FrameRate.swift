/// Frames a second as an exact fraction, so that counts and durations never drift.
struct FrameRate: Sendable, Equatable, CustomStringConvertible {
    let numerator: Int, denominator: Int

    /// Nearest thousandth; the three television rates (23.976, 29.97, 59.94) become their true fractions.
    init(_ framesPerSecond: Double) {
        let thousandths = Int((framesPerSecond * 1000).rounded())
        if let whole = [23_976: 24_000, 29_970: 30_000, 59_940: 60_000, 119_880: 120_000][thousandths] {
            (numerator, denominator) = (whole, 1001)
            return
        }
        let divisor = Self.greatestDivisor(max(thousandths, 1), 1000)
        (numerator, denominator) = (max(thousandths, 1) / divisor, 1000 / divisor)
    }

    var value: Double { Double(numerator) / Double(denominator) }

    /// The form that ffmpeg reads: `24`, `25/2`, `24000/1001`.
    var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    /// Seconds that so many frames take.
    func seconds(_ frames: Int) -> Double { Double(frames * denominator) / Double(numerator) }

    private static func greatestDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestDivisor(second, first % second)
    }
}
