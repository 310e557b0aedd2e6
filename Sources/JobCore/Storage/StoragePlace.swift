/// A bucket on a server, without any key to it.
public struct StoragePlace: Sendable, Hashable {
    public let bucket: String
    /// The server's URL without user, password and query.
    public let endpoint: String

    public init(bucket: String, endpoint: String) { (self.bucket, self.endpoint) = (bucket, endpoint) }

    /// The form in job files.
    var fields: [String: JSONValue] { ["bucket": .string(bucket), "endpoint": .string(endpoint)] }

    /// Nil when one of the two is missing, or the bucket can be none.
    init?(fields: [String: JSONValue]) {
        guard let bucket = fields["bucket"]?.string, StorageAccess.isLegalBucket(bucket),
            let endpoint = fields["endpoint"]?.string
        else { return nil }
        self.init(bucket: bucket, endpoint: endpoint)
    }
}

extension StorageAccess {
    /// Where its bucket is.
    public var place: StoragePlace { StoragePlace(bucket: bucket, endpoint: endpoint.shown) }

    /// The way to another place with the same key; nil when that is on another server, which is told nothing.
    public func reaching(_ place: StoragePlace) -> StorageAccess? {
        guard place.endpoint == endpoint.shown else { return nil }
        return place.bucket == bucket ? self : with(bucket: place.bucket)
    }
}
