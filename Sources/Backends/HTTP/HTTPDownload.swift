/// A file that was fetched whole.
public struct HTTPDownload: Sendable, Equatable {
    public let size: Int64
    /// 64 lower-case hexadecimal digits.
    public let sha256: String
    /// Of the last answer: 206 or 416 where the download was resumed.
    public let head: HTTPHead
}
