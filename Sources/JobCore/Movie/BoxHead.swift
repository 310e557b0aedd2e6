/// The head of a box of an MP4 file: how long it is and what it is called.
///
/// Format: ISO/IEC 14496-12, section 4.2: 32-bit size, four letters, and a 64-bit size where the first is 1.
public struct BoxHead: Sendable, Equatable {
    /// Bytes of the whole box, and of its head.
    public let size: Int, length: Int
    /// Its four letters.
    public let name: String

    /// - Parameter bytes: the first of the box, up to 16; fewer where the file ends.
    /// - Returns: nil for a size that cannot be, and for "to the end of the file".
    public init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard bytes.count >= 8 else { return nil }
        func number(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let short = number(bytes.prefix(4))
        name = String(decoding: bytes.dropFirst(4).prefix(4), as: UTF8.self)
        if short == 1 {
            let long = number(bytes.dropFirst(8).prefix(8))
            guard bytes.count >= 16, (16..<1 << 62).contains(long) else { return nil }
            (size, length) = (Int(long), 16)
        } else {
            guard short >= 8 else { return nil }
            (size, length) = (Int(short), 8)
        }
    }
}
