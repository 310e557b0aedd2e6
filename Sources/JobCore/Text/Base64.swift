/// Base64 (RFC 4648), encoded, recognised and decoded in pieces: a result of 20 MB never stands in memory twice over.
public struct Base64: Sendable {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (index, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(index) }
        // The URL-safe letters mean the same.
        values[Int(UInt8(ascii: "-"))] = 62
        values[Int(UInt8(ascii: "_"))] = 63
        for space in " \r\n\t".utf8 { values[Int(space)] = 0xFE }
        return values
    }()

    private var held: UInt32 = 0, heldCount = 0, padding = 0

    /// A decoder at the start of a text.
    public init() {}

    /// With padding, without line breaks.
    public static func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            for place in 0..<4 {
                text.append(place <= count ? alphabet[Int(group >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of the next piece of text; nil when it is no base64.
    public mutating func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount / 4 * 3 + 3)
        for letter in text {
            if letter == UInt8(ascii: "=") {
                padding += 1
                guard padding <= 2 else { return nil }
                continue
            }
            let value = Self.values[Int(letter)]
            if value == 0xFE { continue }
            guard value != 0xFF, padding == 0 else { return nil }
            held = held << 6 | UInt32(value)
            heldCount += 1
            if heldCount == 4 {
                bytes += [UInt8(held >> 16 & 0xFF), UInt8(held >> 8 & 0xFF), UInt8(held & 0xFF)]
                (held, heldCount) = (0, 0)
            }
        }
        return bytes
    }

    /// What the last letters held back; nil when the text ended in the middle of a byte.
    public consuming func finished() -> [UInt8]? {
        switch heldCount {
        case 0: padding == 0 ? [] : nil
        case 2: [UInt8(held >> 4 & 0xFF)]
        case 3: [UInt8(held >> 10 & 0xFF), UInt8(held >> 2 & 0xFF)]
        default: nil
        }
    }

    /// A whole text at once; nil when it is no base64.
    public static func decoded(_ text: String) -> [UInt8]? {
        var decoder = Base64()
        guard let bytes = decoder.decode(text.utf8), let rest = decoder.finished() else { return nil }
        return bytes + rest
    }
}
