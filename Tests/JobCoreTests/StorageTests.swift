import JobCore
import Testing

@Suite("Object storage: names and settings")
struct StorageTests {
    @Test(arguments: ["", "/a", "a/../b", "..", "./a", "a\u{7F}", "a\nb", String(repeating: "a", count: 1025)])
    func key_fromOutside_thatIsAPath_isNone(text: String) {
        #expect(StorageKey(text) == nil)
    }

    private func access(_ values: [String: String]) throws -> StorageAccess? {
        try StorageAccess(Settings.resolve(flags: [:], environment: values, envFile: [:]))
    }

    @Test func settings_withoutABucket_areNoStorage() throws {
        #expect(try access(["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]) == nil)
    }

    @Test(arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    func settings_withoutAKey_nameIt(missing: String) throws {
        var values = ["S3_BUCKET": "films", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]
        values[missing] = nil
        let failure = #expect(throws: Failure.self) { try access(values) }
        #expect(failure?.code == .configError && failure?.message.hasPrefix(missing) == true)
    }

    @Test func settings_withABadBucket_nameItsKey() throws {
        let values = ["R2_BUCKET": "films/x", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]
        let failure = #expect(throws: Failure.self) { try access(values) }
        #expect(failure?.code == .configError && failure?.message.hasPrefix("R2_BUCKET") == true)
    }

    @Test func urls_areVirtualAtAWS_andPathsElsewhere() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "hush"]
        let key = try #require(StorageKey("jobs/a/a1/ü b.mp4"))
        let aws = try #require(
            try access(keys.merging(["S3_BUCKET": "films", "AWS_REGION": "eu-north-1"]) { $1 }))
        #expect(aws.url(of: key).text == "https://films.s3.eu-north-1.amazonaws.com/jobs/a/a1/%C3%BC%20b.mp4")
        #expect(aws.url(of: nil).text == "https://films.s3.eu-north-1.amazonaws.com/" && aws.region == "eu-north-1")
        let dotted = try #require(try access(keys.merging(["S3_BUCKET": "my.films"]) { $1 }))
        #expect(dotted.url(of: nil).text == "https://s3.us-east-1.amazonaws.com/my.films")
        let r2 = try #require(
            try access(
                keys.merging([
                    "R2_BUCKET": "films", "S3_BUCKET": "other",
                    "AWS_ENDPOINT_URL": "https://x.r2.cloudflarestorage.com/",
                    "R2_PUBLIC_BASE_URL": "https://films.example/all",
                ]) { $1 }))
        #expect(r2.region == "auto")
        #expect(r2.url(of: key).text == "https://x.r2.cloudflarestorage.com/films/jobs/a/a1/%C3%BC%20b.mp4")
        #expect(r2.publicURL(of: key)?.text == "https://films.example/all/jobs/a/a1/%C3%BC%20b.mp4")
        #expect(r2.with(bucket: "b").publicURL(of: key) == nil)
    }

    @Test func access_neverShowsItsSecret() throws {
        let values = ["S3_BUCKET": "films", "AWS_ACCESS_KEY_ID": "AKx", "AWS_SECRET_ACCESS_KEY": "hush"]
        let access = try #require(try access(values))
        var dumped = ""
        dump(access, to: &dumped)
        for text in ["\(access)", String(reflecting: access), dumped] {
            #expect(!text.contains("hush") && !text.contains("AKx") && text.contains("films"))
        }
    }

    @Test func xml_givesItsElements() {
        let text = """
            <?xml version="1.0"?><ListBucketResult xmlns="x"><KeyCount>2</KeyCount><Contents>
            <Key>a&amp;b&#x41;&#66;</Key><Size>1</Size></Contents><Contents a="b"><Key>c&lt;&bad</Key></Contents>
            <IsTruncated>false</IsTruncated>
            """
        let document = StorageXML(Array(text.utf8))
        #expect(document.elements("Contents").map { $0["Key"] } == ["a&bAB", "c<&bad"])
        #expect(document.elements("Contents").map { $0["Size"] } == ["1", nil])
        #expect(document["IsTruncated"] == "false" && document["Code"] == nil && document["Con"] == nil)
    }

    @Test func percentEncoding_isThatOfSignatures() {
        #expect(PercentEncoding.encoded("a/b c+~ü") == "a%2Fb%20c%2B~%C3%BC")
        #expect(PercentEncoding.encoded("a/b", keepsSlash: true) == "a/b")
        #expect(PercentEncoding.decoded("a%2Fb%20c+%C3%BC") == "a/b c+ü")
        for text in ["%", "%4", "%zz", "%ff"] { #expect(PercentEncoding.decoded(text) == nil) }
        #expect(PercentEncoding.query(["prefix": "a/b", "list-type": "2", "B": ""]) == "B=&list-type=2&prefix=a%2Fb")
    }
}
