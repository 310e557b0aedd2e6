/// What an `esds` box says of AAC sound: ISO/IEC 14496-1, section 7.2.6, and 14496-3, section 1.6.2.1.
///
/// Only plain AAC (LC) without spectral band replication, which may double the rate unseen. Nil for all else.
struct AACSettings: Sendable, Equatable {
    let sampleRate: Int, channels: Int
    /// All that a decoder needs: the `AudioSpecificConfig`.
    let setup: [UInt8]

    /// Samples of a packet.
    static let packetLength = 1024

    private static let rates = [96_000, 88_200, 64_000, 48_000, 44_100]

    /// - Parameter box: the `esds` box.
    init?(_ box: MovieBox) {
        guard box.version(flags: 0) == 0, let stream = Self.descriptor(3, in: box, at: 4),
            // No dependence on another stream, no address, no clock of its own.
            box.number(at: stream.lowerBound + 2, width: 1).map({ $0 & 0xE0 == 0 }) == true,
            let decoder = Self.descriptor(4, in: box, at: stream.lowerBound + 3),
            // Of all kinds of sound, AAC.
            box.number(at: decoder.lowerBound, width: 1) == 0x40,
            let setup = Self.descriptor(5, in: box, at: decoder.lowerBound + 13), (2...64).contains(setup.count)
        else { return nil }
        self.setup = Array(box.bytes(from: setup.lowerBound).prefix(setup.count))
        var bits = BitReader(self.setup)
        guard bits.bits(5) == 2, let index = bits.bits(4), Self.rates.indices.contains(index),
            let channels = bits.bits(4), channels == 1 || channels == 2,
            // Frames of 1024 samples, on their own.
            bits.bits(3) == 0
        else { return nil }
        if setup.count > 2 {
            // ffmpeg says explicitly that there is no replication.
            guard bits.bits(11) == 0x2B7, bits.bits(5) == 5, bits.flag() == false else { return nil }
        }
        (sampleRate, self.channels) = (Self.rates[index], channels)
    }

    /// Where the content of a descriptor stands; nil when another one is there, or when it is longer than its box.
    private static func descriptor(_ tag: Int, in box: MovieBox, at offset: Int) -> Range<Int>? {
        guard box.number(at: offset, width: 1) == tag else { return nil }
        var (position, length) = (offset + 1, 0)
        for _ in 0..<4 {
            guard let byte = box.number(at: position, width: 1) else { return nil }
            position += 1
            length = length << 7 | byte & 0x7F
            guard byte & 0x80 != 0 else {
                return length <= box.count - position ? position..<position + length : nil
            }
        }
        return nil
    }
}
