/// Where a result lies that a worker left in a bucket, or on its endpoint's network volume.
///
/// A volume is a bucket of RunPod's S3 API, named by the volume's id; what a worker sees as `/runpod-volume/a/b` is its
/// key `a/b` (https://docs.runpod.io/storage/s3-api).
public struct RunPodVolume: Sendable, Equatable {
    /// Where serverless workers see the volume.
    public static let mount = "/runpod-volume/"

    /// Nil: the bucket of the settings, which then is the volume.
    public let bucket: String?
    public let key: StorageKey

    /// Reads `s3://bucket/key` and `/runpod-volume/key`; nil for anything else, and for keys that are paths.
    public init?(_ address: String) {
        if address.hasPrefix(Self.mount) {
            guard let key = StorageKey(address.dropFirst(Self.mount.count)) else { return nil }
            (bucket, self.key) = (nil, key)
            return
        }
        guard address.lowercased().hasPrefix("s3://") else { return nil }
        let parts = address.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, StorageAccess.isLegalBucket(String(parts[0])), let key = StorageKey(parts[1]) else {
            return nil
        }
        (bucket, self.key) = (String(parts[0]), key)
    }
}
