public import JobCore

/// An object as a listing or a HEAD tells it.
public struct StoredObject: Sendable, Equatable {
    public let key: StorageKey
    /// Bytes.
    public let size: Int64
    /// As sent, with its quotes; nil where the server sent none.
    public let tag: String?
}
