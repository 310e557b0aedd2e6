/// Frames a second as an exact fraction, so that counts and durations never drift.
public struct FrameRate: Sendable, Equatable, Hashable, CustomStringConvertible {
    public let numerator: Int, denominator: Int

    /// Nearest thousandth; the television rates (23.976, 29.97, 59.94, 119.88) become their true fractions.
    public init(_ framesPerSecond: Double) {
        let thousandths = Int((framesPerSecond * 1000).rounded())
        if let whole = [23_976: 24_000, 29_970: 30_000, 59_940: 60_000, 119_880: 120_000][thousandths] {
            (numerator, denominator) = (whole, 1001)
            return
        }
        let divisor = Self.greatestDivisor(max(thousandths, 1), 1000)
        (numerator, denominator) = (max(thousandths, 1) / divisor, 1000 / divisor)
    }

    public var value: Double { Double(numerator) / Double(denominator) }

    /// The form that ffmpeg reads: `24`, `25/2`, `24000/1001`.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    /// Seconds that so many frames take.
    public func seconds(_ frames: Int) -> Double { Double(frames * denominator) / Double(numerator) }

    /// The nearest whole number of frames, at least 0.
    public func frames(_ seconds: Double) -> Int { max(0, Int((seconds * value).rounded())) }

    /// Where a frame begins, counted in samples of sound. Positions are rounded, not lengths, so nothing adds up.
    public func samplePosition(_ frame: Int, sampleRate: Int) -> Int {
        (frame * denominator * sampleRate + numerator / 2) / numerator
    }

    /// Ticks a second of a container's clock in which every frame takes a whole number of ticks, and how many.
    public var clock: (ticksPerSecond: Int, ticksPerFrame: Int) {
        let factor = numerator < 1000 ? 1000 : 1
        return (numerator * factor, denominator * factor)
    }

    private static func greatestDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestDivisor(second, first % second)
    }
}
