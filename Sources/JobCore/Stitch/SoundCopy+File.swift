/// The soundtrack as an MP4 file (ISO/IEC 14496-12, 14496-14), whose edit list keeps the lead-in out of the film.
extension SoundCopy {
    /// Everything before the packets. They follow in one piece.
    public var head: [UInt8] {
        let type = Box("ftyp", "M4A ".utf8 + Box.word(0) + "isom".utf8).bytes
        // The index tells where the packets lie, which depends on how long it is.
        let length = type.count + index(packetsAt: 0).count + 8
        return type + index(packetsAt: length) + Box.word(byteCount + 8) + "mdat".utf8
    }

    private var packets: [Range<Int>] { runs.flatMap(\.packets) }
    private var clock: [UInt8] { Box.word(StitchPlan.sampleRate) }
    private static let zero = Box.word(0)
    private static let upright = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].flatMap(Box.word)

    private func index(packetsAt offset: Int) -> [UInt8] {
        let zero = Self.zero
        let film = Box(
            "mvhd",
            zero + zero + zero + clock + Box.word(sampleCount) + Box.word(0x1_0000) + Box.word(0x100_0000)
                + zero + zero + Self.upright + Array(repeating: 0, count: 24) + Box.word(2))
        let header = Box(
            "tkhd",
            Box.word(3) + zero + zero + Box.word(1) + zero + Box.word(sampleCount) + zero + zero + zero
                + Box.word(0x100_0000) + Self.upright + zero + zero)
        let edit = Box(
            "elst", zero + Box.word(1) + Box.word(sampleCount) + Box.word(1024) + Box.word(0x1_0000))
        return Box("moov", film.bytes + Box("trak", header.bytes + Box("edts", edit.bytes).bytes + media(offset)).bytes)
            .bytes
    }

    private func media(_ offset: Int) -> [UInt8] {
        let zero = Self.zero
        let header = Box("mdhd", zero + zero + zero + clock + Box.word(packets.count * 1024) + Box.word(0x55C4_0000))
        let handler = Box("hdlr", zero + zero + "soun".utf8 + zero + zero + zero + [0])
        let reference = Box("dref", zero + Box.word(1) + Box("url ", Box.word(1)).bytes)
        let information = Box(
            "minf", Box("smhd", zero + zero).bytes + Box("dinf", reference.bytes).bytes + table(offset))
        return Box("mdia", header.bytes + handler.bytes + information.bytes).bytes
    }

    private func table(_ offset: Int) -> [UInt8] {
        let (zero, one, count) = (Self.zero, Box.word(1), Box.word(packets.count))
        let entry = Box(
            "mp4a",
            [0, 0, 0, 0, 0, 0, 0, 1] + zero + zero + [0, 2, 0, 16] + zero
                + Box.word(StitchPlan.sampleRate << 16) + stream.bytes)
        let sizes = packets.flatMap { Box.word($0.count) }
        return Box(
            "stbl",
            Box("stsd", zero + one + entry.bytes).bytes
                + Box("stts", zero + one + count + Box.word(1024)).bytes
                + Box("stsc", zero + one + one + count + one).bytes
                + Box("stsz", zero + zero + count + sizes).bytes
                + Box("stco", zero + one + Box.word(offset)).bytes
        ).bytes
    }

    /// What the stream is: AAC, with its setup. Lengths of descriptors fit in one byte.
    private var stream: Box {
        func descriptor(_ tag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
            [tag, UInt8(truncatingIfNeeded: bytes.count)] + bytes
        }
        let decoder = [0x40, 0x15, 0, 0, 0] + Self.zero + Self.zero + descriptor(5, setup)
        return Box("esds", Self.zero + descriptor(3, [0, 1, 0] + descriptor(4, decoder) + descriptor(6, [2])))
    }

    /// A box to be written.
    private struct Box {
        let bytes: [UInt8]

        init(_ name: String, _ content: [UInt8]) { bytes = Self.word(content.count + 8) + name.utf8 + content }

        /// Four bytes, the highest first.
        static func word(_ value: Int) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
        }
    }
}
