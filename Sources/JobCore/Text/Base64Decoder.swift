/// Base64 in pieces (RFC 4648, both alphabets): any amount of text with a few bytes of memory.
///
/// Line breaks and blanks are skipped; padding may be missing; nothing but blanks may follow it.
public struct Base64Decoder: Sendable {
    private var bits: UInt32 = 0
    /// Characters of an unfinished group of four, and `=` so far.
    private var count = 0, padding = 0
    /// False since the first character that cannot be.
    public private(set) var isValid = true

    public init() {}

    /// Adds text and appends what it means to `output`; after an impossible character nothing more.
    public mutating func decode(_ text: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        guard isValid else { return }
        output.reserveCapacity(output.count + text.count / 4 * 3 + 3)
        Self.values.withUnsafeBufferPointer { values in
            for byte in text {
                let value = values[Int(byte)]
                if value < 64 {
                    guard padding == 0 else { return isValid = false }
                    bits = bits << 6 | UInt32(value)
                    count += 1
                    if count == 4 {
                        output.append(UInt8(truncatingIfNeeded: bits >> 16))
                        output.append(UInt8(truncatingIfNeeded: bits >> 8))
                        output.append(UInt8(truncatingIfNeeded: bits))
                        (bits, count) = (0, 0)
                    }
                } else if value == Self.equals {
                    padding += 1
                } else if value != Self.blank {
                    return isValid = false
                }
            }
        }
    }

    /// Adds text that is at hand.
    public mutating func decode(_ text: some Sequence<UInt8>, into output: inout [UInt8]) {
        Array(text).withUnsafeBytes { decode($0, into: &output) }
    }

    /// Ends the text: appends the last one or two bytes.
    ///
    /// - Returns: whether all of it was base64.
    public mutating func finish(into output: inout [UInt8]) -> Bool {
        guard isValid, count != 1, padding == 0 || count + padding == 4 else { return false }
        if count == 2 { output.append(UInt8(truncatingIfNeeded: bits >> 4)) }
        if count == 3 {
            output.append(UInt8(truncatingIfNeeded: bits >> 10))
            output.append(UInt8(truncatingIfNeeded: bits >> 2))
        }
        (bits, count, padding) = (0, 0, 0)
        return true
    }

    /// All of a text at once; nil when it is no base64.
    public static func bytes(of text: some Sequence<UInt8>) -> [UInt8]? {
        var decoder = Base64Decoder()
        var output: [UInt8] = []
        decoder.decode(text, into: &output)
        return decoder.finish(into: &output) ? output : nil
    }

    /// Whether a byte may stand in base64 text, blanks and padding included.
    public static func isPossible(_ byte: UInt8) -> Bool { values[Int(byte)] != impossible }

    private static let impossible: UInt8 = 255, blank: UInt8 = 254, equals: UInt8 = 253

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: impossible, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
        (values[0x2D], values[0x5F], values[0x3D]) = (62, 63, equals)
        for byte in " \t\r\n".utf8 { values[Int(byte)] = blank }
        return values
    }()
}
