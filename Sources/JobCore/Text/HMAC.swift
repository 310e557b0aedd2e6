/// HMAC with SHA-256 (RFC 2104): https://www.rfc-editor.org/rfc/rfc2104
public enum HMAC {
    /// 32 bytes that only who knows the key can make from the message.
    public static func sha256(key: [UInt8], _ message: some Sequence<UInt8>) -> [UInt8] {
        var block = key
        if block.count > 64 {
            var hash = SHA256()
            hash.update(block)
            block = hash.digest()
        }
        block += [UInt8](repeating: 0, count: 64 - block.count)
        var inner = SHA256()
        inner.update(block.map { $0 ^ 0x36 })
        inner.update(message)
        var outer = SHA256()
        outer.update(block.map { $0 ^ 0x5C })
        outer.update(inner.digest())
        return outer.digest()
    }
}
