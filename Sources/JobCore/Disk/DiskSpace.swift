/// What a file system still takes, as statvfs(3) tells it.
public struct DiskSpace: Sendable, Equatable {
    /// Bytes that may still be written, and the size of the whole.
    public let freeBytes: Int64, totalBytes: Int64
    /// Files that may still be made, and how many there can be; 0 of 0 where the file system does not count them.
    public let freeFiles: Int64, totalFiles: Int64

    public init(freeBytes: Int64, totalBytes: Int64, freeFiles: Int64 = 0, totalFiles: Int64 = 0) {
        (self.freeBytes, self.totalBytes) = (freeBytes, totalBytes)
        (self.freeFiles, self.totalFiles) = (freeFiles, totalFiles)
    }
}
