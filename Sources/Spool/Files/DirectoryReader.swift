internal import CLinux
import Glibc

/// Reads a folder's names by getdents64(2): no allocation per name but the name itself, no stat.
enum DirectoryReader {
    static func entries(
        _ descriptor: Int32, _ path: String, onlyFolders: Bool = false
    ) throws(FileError) -> [FolderEntry] {
        var entries: [FolderEntry] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let size = buffer.count
            let filled = buffer.withUnsafeMutableBytes { sp_getdents(descriptor, $0.baseAddress, size) }
            guard filled >= 0 else { throw FileError(Int32(-filled), "getdents64", path) }
            if filled == 0 { return entries }
            parse(buffer[..<filled], onlyFolders, into: &entries)
        }
    }

    /// struct linux_dirent64 of getdents(2): inode 8, offset 8, record length 2, type 1, name with a NUL.
    private static func parse(
        _ records: ArraySlice<UInt8>, _ onlyFolders: Bool, into entries: inout [FolderEntry]
    ) {
        var start = records.startIndex
        while start + 19 <= records.endIndex {
            let length = Int(records[start + 16]) | Int(records[start + 17]) << 8
            guard length >= 19, start + length <= records.endIndex else { return }
            defer { start += length }
            if onlyFolders, records[start + 18] != UInt8(DT_DIR) { continue }
            let nameBytes = records[(start + 19)..<(start + length)].prefix { $0 != 0 }
            // A name that is not UTF-8 cannot be opened by any string: it is left alone.
            if let name = text(nameBytes), name != ".", name != ".." {
                entries.append(FolderEntry(name: name, isFolder: records[start + 18] == UInt8(DT_DIR)))
            }
        }
    }

    /// The check of UTF-8 costs several times what the rest does, and ASCII needs none.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        bytes.allSatisfy { $0 < 0x80 }
            ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
    }
}
