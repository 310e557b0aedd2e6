/// Where objects are, and with which key they are reached: what the settings say, checked.
public struct StorageAccess: Sendable, Equatable, CustomStringConvertible {
    public let bucket: String
    /// The server, without bucket; its path is a prefix of all.
    public let endpoint: WebURL
    public let region: String
    public let keyID: String
    /// Never shown.
    let secret: String
    /// Whether the bucket stands in the host's name (AWS) or in the path (all others).
    public let isVirtualHost: Bool
    /// Under which URL anybody may read the bucket's objects, nil for nobody.
    public let publicBase: WebURL?

    /// - Parameter isVirtualHost: nil chooses by the endpoint.
    public init(
        bucket: String, endpoint: WebURL, region: String, keyID: String, secret: String, isVirtualHost: Bool? = nil,
        publicBase: WebURL? = nil
    ) {
        (self.bucket, self.endpoint, self.region) = (bucket, endpoint, region)
        (self.keyID, self.secret, self.publicBase) = (keyID, secret, publicBase)
        self.isVirtualHost = isVirtualHost ?? (endpoint.host.hasSuffix(".amazonaws.com") && !bucket.contains("."))
    }

    /// What the settings say; nil when they name no bucket.
    ///
    /// - Throws: `config_error` that names the setting that is missing or cannot be.
    public init?(_ settings: Settings) throws(Failure) {
        guard let bucket = settings.storageBucket else { return nil }
        func needed(_ key: SettingKey) throws(Failure) -> String {
            guard let text = settings[key] else {
                throw Failure(
                    .configError, "\(key.rawValue) is missing: object storage needs it with a bucket.",
                    hint: "Set \(key.rawValue), or leave out R2_BUCKET and S3_BUCKET.")
            }
            return text
        }
        guard Self.isLegalBucket(bucket) else {
            let key: SettingKey = settings[.r2Bucket] != nil ? .r2Bucket : .s3Bucket
            throw Failure(
                .configError, "\(key.rawValue): \(bucket) is no name of a bucket.", hint: "Set \(key.rawValue).")
        }
        let (keyID, secret) = (try needed(.storageKeyID), try needed(.storageSecret))
        let region = settings[.storageRegion]
        let text = settings[.storageEndpoint] ?? "https://s3.\(region ?? "us-east-1").amazonaws.com"
        guard let endpoint = WebURL(text), endpoint.query == nil else {
            throw Failure(.configError, "AWS_ENDPOINT_URL is no URL.", hint: "Set AWS_ENDPOINT_URL.")
        }
        // R2 calls its only region so, and other servers take any name.
        let standard = settings[.storageEndpoint] == nil ? "us-east-1" : "auto"
        self.init(
            bucket: bucket, endpoint: endpoint, region: region ?? standard, keyID: keyID, secret: secret,
            publicBase: settings[.storagePublicBase].flatMap { WebURL($0) })
    }

    /// Letters, digits, dots, dashes and underscores; 1 to 100 of them: RunPod's volumes are buckets, too.
    public static func isLegalBucket(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && name.first != "." && !name.contains("..")
            && name.utf8.allSatisfy { byte in
                let character = Character(Unicode.Scalar(byte))
                return byte < 0x80 && (character.isLetter || character.isNumber || ".-_".contains(character))
            }
    }

    /// The same server and key with another bucket, for `s3://bucket/key`.
    public func with(bucket: String) -> StorageAccess {
        StorageAccess(
            bucket: bucket, endpoint: endpoint, region: region, keyID: keyID, secret: secret,
            publicBase: bucket == self.bucket ? publicBase : nil)
    }

    /// The URL of an object, or of the bucket itself for nil; without a signature.
    ///
    /// - Parameter query: encoded and sorted, as `PercentEncoding.query` gives it.
    public func url(of key: StorageKey?, query: String? = nil) -> WebURL {
        let base = endpoint.path.hasSuffix("/") ? String(endpoint.path.dropLast()) : endpoint.path
        let name = key.map { PercentEncoding.encoded($0.text, keepsSlash: true) } ?? ""
        if isVirtualHost {
            return endpoint.with(hostPrefix: bucket).with(path: "\(base)/\(name)", query: query)
        }
        let path = "\(base)/\(PercentEncoding.encoded(bucket))" + (name.isEmpty ? "" : "/\(name)")
        return endpoint.with(path: path, query: query)
    }

    /// Whether signed URLs open what lies there: RunPod's volumes are not known to take them.
    public var takesSignedLinks: Bool { !endpoint.host.hasSuffix(".runpod.io") }

    /// Where anybody may read an object, nil where nobody may.
    public func publicURL(of key: StorageKey) -> WebURL? {
        publicBase.map { base in
            let folder = base.path.hasSuffix("/") ? base.path : base.path + "/"
            return base.with(path: folder + PercentEncoding.encoded(key.text, keepsSlash: true))
        }
    }

    /// Without the secret.
    public var description: String { "\(bucket) at \(endpoint.shown)" }
}

extension StorageAccess: CustomReflectable {
    /// What a dump shows: no key, no secret.
    public var customMirror: Mirror { Mirror(self, children: ["bucket": bucket, "endpoint": endpoint.shown]) }
}
