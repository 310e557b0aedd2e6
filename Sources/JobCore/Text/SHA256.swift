/// SHA-256 (FIPS 180-4), incremental, without a dependency: https://csrc.nist.gov/pubs/fips/180-4/upd1/final
///
/// It allocates nothing: the unfinished block and the message schedule stand inline.
public struct SHA256: Sendable {
    /// Takes whole blocks of 64 bytes into the eight words of a state: the words, the blocks, how many, and the 64
    /// constants. Returns 1, or 0 where it cannot: it has done nothing then.
    public typealias Compressor =
        @Sendable (UnsafeMutablePointer<UInt32>, UnsafeRawPointer, Int, UnsafePointer<UInt32>) -> Int32

    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// The bytes that do not yet fill a block: the first `held` of them count.
    private var block = InlineArray<64, UInt8>(repeating: 0)
    private var held = 0
    private var length: UInt64 = 0
    private let compressor: Compressor?

    /// - Parameter compressor: a faster way than the one here, where the processor has one; for large files.
    public init(_ compressor: Compressor? = nil) { self.compressor = compressor }

    /// Adds bytes; how they are cut into calls does not change the result.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length &+= UInt64(bytes.count)
        var position = 0
        while position < bytes.count {
            if held == 0, bytes.count - position >= 64 {
                let whole = (bytes.count - position) / 64 * 64
                compress(UnsafeRawBufferPointer(rebasing: bytes[position..<position + whole]))
                position += whole
            } else {
                block[held] = bytes[position]
                held += 1
                position += 1
                if held == 64 { compressHeldBlock() }
            }
        }
    }

    /// Adds bytes of any sequence; those in one piece of memory are fast.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if isDone == nil { update(Array(bytes)) }
    }

    /// The digest of all bytes so far: 64 lower-case hexadecimal digits.
    public consuming func finished() -> String {
        pad()
        let digits = InlineArray<16, UInt8>({ UInt8($0 < 10 ? 48 + $0 : 87 + $0) })
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for index in 0..<8 {
            for shift in stride(from: 28, through: 0, by: -4) { text.append(digits[Int(state[index] >> shift & 15)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The digest of all bytes so far: 32 bytes.
    public consuming func digest() -> [UInt8] {
        pad()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for index in 0..<8 {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: state[index] >> UInt32(shift)))
            }
        }
        return bytes
    }

    /// The digest of bytes that are all at hand.
    public static func hex(of bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finished()
    }

    /// A one, zeroes up to eight bytes before a block's end, and the length in bits.
    private mutating func pad() {
        let bits = length &* 8
        appendPadding(0x80)
        while held != 56 { appendPadding(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            appendPadding(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
    }

    private mutating func appendPadding(_ byte: UInt8) {
        block[held] = byte
        held += 1
        if held == 64 { compressHeldBlock() }
    }

    private mutating func compressHeldBlock() {
        let full = block
        withUnsafeBytes(of: full) { compress($0) }
        held = 0
    }

    /// Works in whole blocks of 64 bytes.
    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        if !compressElsewhere(blocks) { compressHere(blocks) }
    }

    private mutating func compressElsewhere(_ blocks: UnsafeRawBufferPointer) -> Bool {
        guard let compressor, let start = blocks.baseAddress else { return false }
        var words = state.mutableSpan
        return words.withUnsafeMutableBufferPointer { words in
            Self.constants.span.withUnsafeBufferPointer { constants in
                guard let words = words.baseAddress, let constants = constants.baseAddress else { return false }
                return compressor(words, start, blocks.count / 64, constants) == 1
            }
        }
    }

    /// Eight rounds stand written out, so that no variable is ever moved along.
    private mutating func compressHere(_ blocks: UnsafeRawBufferPointer) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        var words = InlineArray<16, UInt32>(repeating: 0)
        for start in stride(from: 0, to: blocks.count, by: 64) {
            for index in 0..<16 {
                let word = blocks.loadUnaligned(fromByteOffset: start + index * 4, as: UInt32.self)
                words[index] = UInt32(bigEndian: word)
            }
            let (a0, b0, c0, d0, e0, f0, g0, h0) = (a, b, c, d, e, f, g, h)
            for first in stride(from: 0, to: 64, by: 8) {
                if first >= 16 { Self.extend(&words, from: first & 8) }
                let (slot, constants) = (first & 8, Self.constants)
                Self.round(a, b, c, &d, e, f, g, &h, words[slot] &+ constants[first])
                Self.round(h, a, b, &c, d, e, f, &g, words[slot + 1] &+ constants[first + 1])
                Self.round(g, h, a, &b, c, d, e, &f, words[slot + 2] &+ constants[first + 2])
                Self.round(f, g, h, &a, b, c, d, &e, words[slot + 3] &+ constants[first + 3])
                Self.round(e, f, g, &h, a, b, c, &d, words[slot + 4] &+ constants[first + 4])
                Self.round(d, e, f, &g, h, a, b, &c, words[slot + 5] &+ constants[first + 5])
                Self.round(c, d, e, &f, g, h, a, &b, words[slot + 6] &+ constants[first + 6])
                Self.round(b, c, d, &e, f, g, h, &a, words[slot + 7] &+ constants[first + 7])
            }
            (a, b, c, d) = (a &+ a0, b &+ b0, c &+ c0, d &+ d0)
            (e, f, g, h) = (e &+ e0, f &+ f0, g &+ g0, h &+ h0)
        }
        state = [a, b, c, d, e, f, g, h]
    }

    /// One round; the caller renames the variables instead of shifting their values.
    @inline(__always)
    private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
        _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ input: UInt32
    ) {
        let mixed = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ (g ^ (e & (f ^ g))) &+ input
        d = d &+ mixed
        h = mixed &+ (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ ((a & b) | (c & (a | b)))
    }

    /// The next eight words of the schedule, in a ring of sixteen.
    @inline(__always)
    private static func extend(_ words: inout InlineArray<16, UInt32>, from start: Int) {
        for index in start..<start + 8 {
            let (early, late) = (words[(index + 1) & 15], words[(index + 14) & 15])
            let small = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3)
            let large = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10)
            words[index] = words[index] &+ small &+ words[(index + 9) & 15] &+ large
        }
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word &>> count | word &<< (32 &- count) }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: InlineArray<64, UInt32> = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
