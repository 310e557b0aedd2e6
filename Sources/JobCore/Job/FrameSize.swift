/// The size of a picture in pixels; both sides even, as yuv420p needs.
public struct FrameSize: Sendable, Equatable, CustomStringConvertible {
    public let width: Int, height: Int

    /// Smallest and largest side.
    public static let sides = 16...8192

    /// Sides are rounded up to even numbers; nil when one is out of range.
    public init?(width: Int, height: Int) {
        guard Self.sides.contains(width), Self.sides.contains(height) else { return nil }
        (self.width, self.height) = (width + width % 2, height + height % 2)
    }

    /// `480p 720p 1080p` (the shorter side; the longer follows from the aspect ratio) or `WxH`.
    ///
    /// - Parameter aspectRatio: `W:H`, default `16:9`; it does not apply to `WxH`.
    public init?(resolution: String, aspectRatio: String?) {
        if let shorter = ["480p": 480, "720p": 720, "1080p": 1080][resolution.lowercased()] {
            guard let ratio = Self.ratio(aspectRatio ?? "16:9") else { return nil }
            let longer = Int((Double(shorter) * max(ratio, 1 / ratio) / 2).rounded()) * 2
            self.init(width: ratio >= 1 ? longer : shorter, height: ratio >= 1 ? shorter : longer)
            return
        }
        let sides = resolution.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard sides.count == 2, sides.allSatisfy(Self.isDecimal), let width = Int(sides[0]), let height = Int(sides[1])
        else { return nil }
        self.init(width: width, height: height)
    }

    public var description: String { "\(width)x\(height)" }

    /// Width divided by height, from 1:4 to 4:1; nil for anything else.
    public static func ratio(_ text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isDecimal),
            let width = Double(parts[0]), let height = Double(parts[1]), width > 0, height > 0,
            (0.25...4).contains(width / height)
        else { return nil }
        return width / height
    }

    /// Digits and points only: the standard library also reads signs, exponents and hexadecimal.
    private static func isDecimal(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
