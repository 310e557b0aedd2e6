import JobCore
import Testing

/// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and
/// sigv4-query-string-auth.html, in which the bucket stands in the host's name.
@Suite("Signatures")
struct SignatureTests {
    private let access: StorageAccess
    private let now: Timestamp

    init() throws {
        access = StorageAccess(
            bucket: "examplebucket", endpoint: try #require(WebURL("https://s3.amazonaws.com")), region: "us-east-1",
            keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        now = try #require(Timestamp("2013-05-24T00:00:00Z"))
    }

    private func object(_ name: String) throws -> WebURL {
        let key: StorageKey = try #require(StorageKey(name))
        return access.url(of: key)
    }

    private func signature(_ headers: [String: String]) -> String? {
        headers["Authorization"].flatMap { $0.split(separator: "=").last.map(String.init) }
    }

    @Test func example_getWithARange() throws {
        let url = try object("test.txt")
        #expect(url.text == "https://examplebucket.s3.amazonaws.com/test.txt")
        let headers = Signature(access, now: now).headers(
            "GET", url, signing: ["Range": "bytes=0-9"], payload: Signature.emptyPayload)
        #expect(signature(headers) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            headers["Authorization"]?.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                    + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=") == true)
    }

    @Test func example_put() throws {
        let url = try object("test$file.text")
        let headers = Signature(access, now: now).headers(
            "PUT", url,
            signing: ["Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"],
            payload: SHA256.hex(of: "Welcome to Amazon S3.".utf8))
        #expect(signature(headers) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test(arguments: [
        ("lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("prefix=J&max-keys=2", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func example_bucketWithAQuery(query: String, expected: String) throws {
        let url = try #require(WebURL("https://examplebucket.s3.amazonaws.com/?\(query)"))
        let headers = Signature(access, now: now).headers("GET", url, payload: Signature.emptyPayload)
        #expect(signature(headers) == expected)
    }

    @Test func example_presigned() throws {
        let url = Signature(access, now: now).presigned(
            "GET", try object("test.txt"), seconds: 86_400)
        #expect(
            url.text == "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
        #expect(Redaction.redacted(url.shown) == "https://examplebucket.s3.amazonaws.com/test.txt")
    }

    @Test(arguments: [(0, 1), (-5, 1), (604_800, 604_800), (604_801, 604_800)])
    func presigned_livesOneSecondToSevenDays(seconds: Int, life: Int) throws {
        let url = Signature(access, now: now).presigned("GET", access.url(of: nil), seconds: seconds)
        #expect(url.query?.contains("X-Amz-Expires=\(life)&") == true)
    }

    /// RFC 4231, 4.
    @Test func hmac_ofThePublishedCases() {
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let cases: [(key: [UInt8], message: [UInt8], digest: String)] = [
            (
                Array(repeating: 0x0B, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                Array(repeating: 0xAA, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
        #expect(cases.map { hex(HMAC.sha256(key: $0.key, $0.message)) } == cases.map(\.digest))
    }
}
