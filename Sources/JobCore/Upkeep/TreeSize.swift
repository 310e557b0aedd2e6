/// How much lies in a folder and all below it, or in several.
public struct TreeSize: Sendable, Equatable {
    /// Regular files and links; folders do not count.
    public var files: Int
    /// What the files hold, in bytes.
    public var bytes: Int64

    public init(files: Int = 0, bytes: Int64 = 0) { (self.files, self.bytes) = (files, bytes) }

    /// Both together.
    public static func += (left: inout TreeSize, right: TreeSize) {
        left.files += right.files
        left.bytes += right.bytes
    }
}
