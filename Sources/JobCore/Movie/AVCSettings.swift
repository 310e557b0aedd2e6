/// What an `avcC` box says of an H.264 picture: ISO/IEC 14496-15, section 5.3.3, and ITU-T H.264, section 7.3.2.1.1.
///
/// Only what x264 and its like write for everyday films: whole frames, 8 bits, 4:2:0, square pixels, limited range.
/// ffmpeg calls that `yuv420p`. Nil for all else.
struct AVCSettings: Sendable, Equatable {
    let width: Int, height: Int

    /// Profiles whose parameter sets tell chroma and depth.
    private static let high: Set<Int> = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]
    private static let longestSide = 16_384

    init?(_ box: ArraySlice<UInt8>) {
        let bytes = Array(box)
        // Version 1 with one sequence parameter set, which lies within the box, and at least one picture parameter set.
        guard bytes.count > 8, bytes[0] == 1, bytes[5] & 0x1F == 1 else { return nil }
        let length = Int(bytes[6]) << 8 | Int(bytes[7])
        guard length >= 4, 8 + length < bytes.count, bytes[8 + length] > 0, bytes[8] & 0x1F == 7 else { return nil }
        var bits = BitReader(payload: bytes[9..<8 + length])
        guard Self.readsFormat(&bits), let size = Self.readSize(&bits), Self.isPlain(&bits) else { return nil }
        (width, height) = size
    }

    /// Profile to chroma and depth; false when the picture is not 4:2:0 with 8 bits.
    private static func readsFormat(_ bits: inout BitReader) -> Bool {
        guard let profile = bits.bits(8), bits.bits(16) != nil, bits.number() != nil else { return false }
        guard high.contains(profile) else { return true }
        guard bits.number() == 1, bits.number() == 0, bits.number() == 0 else { return false }
        // No lossless bypass, and no scaling matrices of its own.
        return bits.bits(2) == 0
    }

    private static func readSize(_ bits: inout BitReader) -> (Int, Int)? {
        guard bits.number() != nil, skipOrder(&bits), bits.number() != nil, bits.bits(1) != nil,
            let columns = bits.number(), let rows = bits.number(), max(columns, rows) < longestSide / 16,
            // Whole frames, no fields.
            bits.flag() == true, bits.bits(1) != nil, let isCropped = bits.flag()
        else { return nil }
        var (width, height) = ((columns + 1) * 16, (rows + 1) * 16)
        if isCropped {
            guard let left = bits.number(), let right = bits.number(), let top = bits.number(),
                let bottom = bits.number(), max(left, right, top, bottom) < longestSide
            else { return nil }
            width -= 2 * (left + right)
            height -= 2 * (top + bottom)
        }
        return width > 0 && height > 0 ? (width, height) : nil
    }

    /// How pictures are put in order; false for the kind that nobody writes.
    private static func skipOrder(_ bits: inout BitReader) -> Bool {
        switch bits.number() {
        case 0: bits.number() != nil
        case 2: true
        default: false
        }
    }

    /// Pixels are square and the range is limited.
    private static func isPlain(_ bits: inout BitReader) -> Bool {
        guard let hasMore = bits.flag() else { return false }
        guard hasMore else { return true }
        guard let hasShape = bits.flag() else { return false }
        if hasShape {
            guard let shape = bits.bits(8), shape <= 1 else { return false }
        }
        guard let hasOverscan = bits.flag(), !hasOverscan || bits.flag() != nil, let hasSignal = bits.flag() else {
            return false
        }
        // Three bits of format, then the range.
        return !hasSignal || bits.bits(4).map { $0 & 1 == 0 } ?? false
    }
}
