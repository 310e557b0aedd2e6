import Glibc
import JobCore

/// Finds the index of an MP4 file. Blocking.
///
/// Format: ISO/IEC 14496-12, section 4.2. The boxes must fill the file exactly, and all be of the kinds that ffmpeg
/// writes: a file that was cut short, or that has its frames in fragments, is left to ffprobe.
enum MovieFile {
    /// Boxes that are looked at.
    private static let limit = 64

    /// Nil for a file that is unusual, harmed or no MP4.
    ///
    /// - Parameter path: symbolic links are not followed.
    static func index(of path: String) -> MovieIndex? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        let end = Int(facts.st_size)
        var (offset, media, index): (Int, [Range<Int>], [UInt8]?) = (0, [], nil)
        for _ in 0..<limit where offset < end {
            guard let head = ScratchFile.read(file, offset..<min(offset + 16, end)),
                let box = BoxHead(head), box.size <= end - offset
            else { return nil }
            let content = offset + box.length..<offset + box.size
            switch box.name {
            case "ftyp", "free", "skip", "wide": break
            case "mdat": media.append(content)
            case "moov":
                guard index == nil, content.count <= MovieIndex.limit,
                    let bytes = ScratchFile.read(file, content)
                else { return nil }
                index = bytes
            default: return nil
            }
            offset += box.size
        }
        guard offset == end, let index else { return nil }
        return MovieIndex(index, media: media)
    }
}
