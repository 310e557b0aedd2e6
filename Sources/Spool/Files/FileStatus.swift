/// What the kernel says of a name.
public struct FileStatus: Sendable, Equatable {
    /// What lies there; a link is never followed.
    public enum Kind: Sendable { case file, folder, symbolicLink, other }

    public let kind: Kind
    public let inode: UInt64, device: UInt64
    /// Bytes.
    public let size: Int64
    /// How many names the file has.
    public let linkCount: Int
    /// Nanoseconds since 1970, for the years 1678 to 2261; what lies beyond stands at the end of that range. The change
    /// time is the kernel's own: neither `touch` nor rsync can forge it.
    public let modified: Int64, changed: Int64
    /// The lowest nine bits of its mode: who may read, write, enter.
    public let permissions: UInt32

    /// - Parameter permissions: default 0700: its owner's alone.
    public init(
        kind: Kind, inode: UInt64, device: UInt64, size: Int64, linkCount: Int, modified: Int64, changed: Int64,
        permissions: UInt32 = 0o700
    ) {
        self.permissions = permissions
        (self.kind, self.inode, self.device, self.size) = (kind, inode, device, size)
        (self.linkCount, self.modified, self.changed) = (linkCount, modified, changed)
    }
}

/// A file's bytes together with the status of the very file they came from.
public struct FileContents: Sendable, Equatable {
    public let bytes: [UInt8]
    public let status: FileStatus

    public init(bytes: [UInt8], status: FileStatus) { (self.bytes, self.status) = (bytes, status) }
}

/// One name in a folder.
public struct FolderEntry: Sendable, Equatable {
    public let name: String
    public let isFolder: Bool

    public init(name: String, isFolder: Bool) { (self.name, self.isFolder) = (name, isFolder) }
}
