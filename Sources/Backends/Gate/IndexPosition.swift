import Glibc

/// Where an MP4 or MOV file has its index (`moov`): players need it before the pictures (`mdat`).
///
/// Format: ISO/IEC 14496-12, section 4.2: 32-bit size, four letters, and a 64-bit size where the first is 1.
enum IndexPosition {
    /// Boxes that are looked at: a file with more before its index is none of ours.
    private static let limit = 64

    /// True when the index comes before the pictures. Blocking.
    static func isFirst(in path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return false }
        defer { close(file) }
        var offset = 0
        for _ in 0..<limit {
            var head = [UInt8](repeating: 0, count: 16)
            guard pread(file, &head, 16, off_t(offset)) >= 8 else { return false }
            switch String(decoding: head[4..<8], as: UTF8.self) {
            case "moov": return true
            case "mdat": return false
            default: break
            }
            let short = head[0..<4].reduce(0) { $0 << 8 | Int($1) }
            let size = short == 1 ? head[8..<15].reduce(0) { $0 << 8 | Int($1) } << 8 | Int(head[15]) : short
            guard size >= 8, size < 1 << 48 else { return false }
            offset += size
        }
        return false
    }
}
