/// Numbers as text, the same on every machine, never in scientific form.
public enum DecimalText {
    /// At most three digits after the point, no zeros at the end: `5`, `2.5`, `23.976`.
    public static func short(_ value: Double) -> String { text(value, digits: 3) }

    /// Six digits after the point at most: exact to the microsecond, ffmpeg's own clock.
    public static func precise(_ value: Double) -> String { text(value, digits: 6) }

    /// At most so many digits after the point, no zeros at the end.
    static func text(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((value * Double(scale)).rounded())
        let (whole, part) = (scaled.magnitude / UInt(scale), scaled.magnitude % UInt(scale))
        var fraction = String(repeating: "0", count: digits - String(part).count) + String(part)
        while fraction.last == "0" { fraction.removeLast() }
        return (scaled < 0 ? "-" : "") + "\(whole)" + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
