/// AWS Signature Version 4, as S3 wants it.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html; its examples are tests.
///
/// The path goes into the signature as it is sent: S3 alone does not encode it twice.
public struct Signature: Sendable {
    /// The digest of no bytes.
    public static let emptyPayload = SHA256.hex(of: [])
    /// Says that the body is not part of the signature: for bodies that come from a file.
    public static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// A presigned URL lives no longer, in seconds: seven days.
    public static let longestLife = 604_800

    private let access: StorageAccess
    private let date: String, day: String

    public init(_ access: StorageAccess, now: Timestamp) {
        self.access = access
        // 2013-05-24T00:00:00.000Z without signs and fraction.
        let digits = now.text.filter { $0 != "-" && $0 != ":" }
        day = String(digits.prefix(8))
        date = digits.prefix(15) + "Z"
    }

    /// The headers that sign a request: `x-amz-date`, `x-amz-content-sha256` and `Authorization`.
    ///
    /// - Parameters:
    ///   - headers: further ones that are signed too; all others may be added later.
    ///   - payload: hexadecimal SHA-256 of the body, or `unsignedPayload`.
    public func headers(
        _ method: String, _ url: WebURL, signing headers: [String: String] = [:], payload: String
    ) -> [String: String] {
        var signed = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        signed["host"] = url.authority
        signed["x-amz-date"] = date
        signed["x-amz-content-sha256"] = payload
        let names = signed.keys.sorted().joined(separator: ";")
        let signature = signature(method, url, query: Self.sorted(url.query), signed, names, payload)
        return [
            "x-amz-date": date, "x-amz-content-sha256": payload,
            "Authorization": "AWS4-HMAC-SHA256 Credential=\(access.keyID)/\(scope),"
                + "SignedHeaders=\(names),Signature=\(signature)",
        ]
    }

    /// A URL that lets whoever has it do this one thing for a while.
    ///
    /// - Parameter seconds: its life, 1 second to 7 days; other numbers become the nearer of the two.
    public func presigned(_ method: String, _ url: WebURL, seconds: Int) -> WebURL {
        let life = min(max(seconds, 1), Self.longestLife)
        var query = PercentEncoding.query([
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": "\(access.keyID)/\(scope)", "X-Amz-Date": date,
            "X-Amz-Expires": "\(life)", "X-Amz-SignedHeaders": "host",
        ])
        if let own = url.query, !own.isEmpty { query = Self.sorted("\(own)&\(query)") }
        let signature = signature(
            method, url, query: query, ["host": url.authority], "host", Self.unsignedPayload)
        return url.with(path: url.path, query: "\(query)&X-Amz-Signature=\(signature)")
    }

    private var scope: String { "\(day)/\(access.region)/s3/aws4_request" }

    private func signature(
        _ method: String, _ url: WebURL, query: String, _ headers: [String: String], _ names: String, _ payload: String
    ) -> String {
        let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key):\(Self.trimmed($0.value))\n" }.joined()
        let canonical = "\(method)\n\(url.path)\n\(query)\n\(lines)\n\(names)\n\(payload)"
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(SHA256.hex(of: canonical.utf8))"
        var key = Array("AWS4\(access.secret)".utf8)
        for part in [day, access.region, "s3", "aws4_request"] { key = HMAC.sha256(key: key, part.utf8) }
        return HMAC.sha256(key: key, text.utf8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }

    /// Items in the order of their bytes, each with its `=`.
    private static func sorted(_ query: String?) -> String {
        (query ?? "").split(separator: "&").map { $0.contains("=") ? String($0) : "\($0)=" }
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.joined(separator: "&")
    }

    /// No blanks at the ends, one where there are several.
    private static func trimmed(_ value: String) -> String { value.split(separator: " ").joined(separator: " ") }
}
