/// How loud a sound is (EBU R 128, ITU-R BS.1770), and what brings it to a target.
public struct Loudness: Sendable, Equatable {
    /// LUFS over the whole, gated; -70 is silence.
    public let integrated: Double
    /// dB below full scale between the samples.
    public let truePeak: Double

    /// Louder than this nothing may get, in dBTP.
    public static let ceiling = -1.0
    /// Softer than this is silence: nothing is made of it.
    public static let silence = -60.0
    /// Most that a soft film is raised by, in dB: beyond it noise is all that is heard.
    public static let highestGain = 30.0

    public init(integrated: Double, truePeak: Double) {
        (self.integrated, self.truePeak) = (integrated, truePeak)
    }

    /// Reads the summary that ffmpeg's `ebur128` prints at its end; nil when there is none.
    public init?(summary: String) {
        func number(after label: String) -> Double? {
            guard let range = summary.ranges(of: label).last else { return nil }
            let word = summary[range.upperBound...].split(whereSeparator: \.isWhitespace).first
            if word == "-inf" { return -120 }
            return word.flatMap { Double($0) }
        }
        guard let integrated = number(after: "I:"), let peak = number(after: "Peak:") else { return nil }
        self.init(integrated: integrated, truePeak: peak)
    }

    public var isSilent: Bool { integrated <= Self.silence }

    /// dB to add for a target.
    public func gain(to target: Double) -> Double {
        isSilent ? 0 : min(target - integrated, Self.highestGain)
    }

    /// True when the sound may stay as it is: at its target, as good as can be heard, and without a peak above the
    /// ceiling. Half a unit is what is promised.
    public func isAt(_ target: Double) -> Bool {
        isSilent || abs(gain(to: target)) <= 0.4 && truePeak <= Self.ceiling
    }

    /// The filters that bring it to the target without a peak above the ceiling; nil where nothing is to be done.
    ///
    /// A limiter works only where it must: `loudnorm` would fall back to riding the gain without saying so.
    public func filters(to target: Double) -> String? {
        let gain = gain(to: target)
        let needsLimiter = truePeak + gain > Self.ceiling
        guard abs(gain) > 0.05 || needsLimiter else { return nil }
        let volume = "volume=\(DecimalText.short(gain))dB"
        guard needsLimiter else { return volume }
        // Between the samples of 48 kHz a peak can be higher than they are; at four times the rate it hardly can.
        return volume + ",aresample=192000,alimiter=limit=\(Self.limit):attack=5:release=50:level=0"
            + ",aresample=\(StitchPlan.sampleRate)"
    }

    /// -1.2 dB as a factor: AAC adds a little.
    private static let limit = "0.871"
}
