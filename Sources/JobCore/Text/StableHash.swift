/// FNV-1a with 64 bits: the same on every machine and in every version, unlike `Hasher`.
///
/// For spreading and seeding only; it is no protection against somebody who wants collisions.
/// Source of the constants: http://www.isthe.com/chongo/tech/comp/fnv/
public enum StableHash {
    /// The hash of a text's UTF-8 bytes.
    public static func of(_ text: some StringProtocol) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
}
