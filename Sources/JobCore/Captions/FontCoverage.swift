/// The characters that the installed fonts can draw.
///
/// Read from what `fc-list` prints; without fontconfig nothing is known, and nothing should be claimed.
public struct FontCoverage: Sendable, Equatable {
    /// Sorted, apart from each other.
    private let ranges: [ClosedRange<UInt32>]

    /// What to ask fontconfig for. libass draws outlines only, so fonts made of coloured pictures do not count.
    public static let fcListArguments = [":color=false", "--format", "%{charset}\n"]

    /// Reads lines such as `20-7e a0-17f 2018`; words of other shapes are passed over.
    public init(fcList output: String) {
        var found: [ClosedRange<UInt32>] = []
        for word in output.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) {
            let ends = word.split(separator: UInt8(ascii: "-"), maxSplits: 1).map {
                UInt32(String(decoding: $0, as: UTF8.self), radix: 16)
            }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, last <= 0x10FFFF else {
                continue
            }
            found.append(first...last)
        }
        var merged: [ClosedRange<UInt32>] = []
        for range in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    /// Whether nothing at all is covered: fontconfig is missing, or has no fonts.
    public var isEmpty: Bool { ranges.isEmpty }

    /// Whether some font has this character.
    public func covers(_ scalar: Unicode.Scalar) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(scalar.value)
    }

    /// The characters of a text that would be shown as empty boxes, each once, in the order of the text.
    ///
    /// White space, controls, joiners, variation selectors and combining marks are not looked at: they are not drawn by
    /// themselves.
    public func missing(in text: String) -> [Unicode.Scalar] {
        var seen: Set<Unicode.Scalar> = []
        return text.unicodeScalars.filter { scalar in
            seen.insert(scalar).inserted && Self.isDrawn(scalar) && !covers(scalar)
        }
    }

    private static func isDrawn(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return false }
        switch properties.generalCategory {
        case .control, .format, .nonspacingMark, .spacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator:
            return false
        default: return true
        }
    }
}
