/// Reads bits and Exp-Golomb numbers of an H.264 parameter set (ITU-T H.264, sections 7.2 and 9.1).
struct BitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter payload: as it stands in the file; the bytes that keep start codes out of it are left out here.
    init(payload: ArraySlice<UInt8>) {
        var (bytes, zeros): ([UInt8], Int) = ([], 0)
        bytes.reserveCapacity(payload.count)
        for byte in payload {
            guard zeros < 2 || byte != 3 else {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// So many bits, at most 32; nil at the end.
    mutating func bits(_ count: Int) -> Int? {
        guard position + count <= bytes.count * 8 else { return nil }
        var value = 0
        for _ in 0..<count {
            value = value << 1 | Int(bytes[position >> 3] >> (7 - UInt8(position & 7)) & 1)
            position += 1
        }
        return value
    }

    /// ue(v); nil at the end and beyond 32 bits.
    mutating func number() -> Int? {
        var zeros = 0
        while let bit = bits(1) {
            if bit == 1 { return bits(zeros).map { $0 + (1 << zeros) - 1 } }
            zeros += 1
            guard zeros <= 31 else { return nil }
        }
        return nil
    }

    /// One bit; nil at the end.
    mutating func flag() -> Bool? { bits(1).map { $0 == 1 } }
}
