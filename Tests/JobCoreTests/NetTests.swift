import JobCore
import Testing

@Suite("URLs, dates and base64")
struct NetTests {
    @Test(arguments: [
        ("http://a", "http://a/"), ("HTTPS://Host.Example:443/p?q#f", "https://host.example/p?q"),
        ("http://u:p@h:8080/a", "http://u:p@h:8080/a"), ("http://[::1]:9/x", "http://[::1]:9/x"),
        ("http://h?x", "http://h/?x"), ("http://h:80", "http://h/"), ("https://h/a%20b/ü", "https://h/a%20b/ü"),
        ("http://h/a@b:c", "http://h/a@b:c"),
    ])
    func webURL_isReadInParts(text: String, whole: String) {
        #expect(WebURL(text)?.text == whole)
    }

    @Test(arguments: [
        "", "h", "ftp://h", "file:///etc/passwd", "http://", "http:///a", "http://h:0", "http://h:65536",
        "http://h:1x", "http://h /a", "http://h/a\n", "http://h/\u{0}", "http://[::1", "http://[]/", "http://h\\@i/",
        "http://:80/", "http://u@/", "http://[::1]x/",
    ])
    func webURL_ofAnythingElse_isNone(text: String) {
        #expect(WebURL(text) == nil)
    }

    @Test func webURL_asShown_holdsNoSecret() {
        #expect(WebURL("https://u:p@h:1/a/b?token=x")?.shown == "https://h:1/a/b")
        #expect(WebURL("https://h/rpa_ABCDEFGHIJKLMNOP")?.shown == "https://h/\(Redaction.mask)")
    }

    @Test(arguments: [
        ("/c?d", "http://h:1/c?d"), ("c", "http://h:1/a/c"), ("../c", "http://h:1/c"), ("../../c", "http://h:1/c"),
        ("./", "http://h:1/a/"), ("..", "http://h:1/"), ("?q", "http://h:1/a/b?q"), ("//o/x", "http://o/x"),
        ("https://o:2/x#y", "https://o:2/x"), ("#f", "http://h:1/a/b?z"),
        ("c?u=http://x/../y", "http://h:1/a/c?u=http://x/../y"),
    ])
    func location_isResolved(reference: String, whole: String) throws {
        #expect(try #require(WebURL("http://h:1/a/b?z")).resolving(reference)?.text == whole)
    }

    @Test(arguments: ["file:///etc/passwd", "javascript:1", "data:,x", "http://h:x/"])
    func location_toElsewhere_isNone(reference: String) throws {
        #expect(try #require(WebURL("http://h/")).resolving(reference) == nil)
    }

    @Test func origin_isProtocolHostAndPort() throws {
        let url = try #require(WebURL("https://h/a"))
        #expect(try url.hasSameOrigin(as: #require(WebURL("https://H:443/b"))))
        for other in ["http://h/a", "https://h:444/a", "https://i/a"] {
            #expect(try !url.hasSameOrigin(as: #require(WebURL(other))))
        }
    }

    @Test func retryAfter_isSecondsOrADate_andNeverLong() throws {
        let now = try #require(Timestamp("2026-11-24T08:49:37Z"))
        #expect(RetryAfter.duration("120", now: now) == .seconds(120))
        #expect(RetryAfter.duration("99999999999999999999", now: now) == RetryAfter.longest)
        #expect(RetryAfter.duration("Tue, 24 Nov 2026 08:50:07 GMT", now: now) == .seconds(30))
        #expect(RetryAfter.duration("Tue, 24 Nov 2026 08:00:00 GMT", now: now) == .zero)
        #expect(RetryAfter.duration("Fri, 31 Dec 9999 23:59:59 GMT", now: now) == RetryAfter.longest)
        for text in ["", "-1", "soon", "1.5", "Tue, 24 Nov 2026 08:50:07 CET", "Tue, 99 Nov 2026 08:50:07 GMT"] {
            #expect(RetryAfter.duration(text, now: now) == nil, "\(text)")
        }
    }

    /// RFC 4648, 10.
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"), ("Zm9vYg", "foob"), ("Zm9v\nYm\r\nE=\n", "fooba"),
    ])
    func base64_isDecoded_howeverItIsCut(text: String, plain: String) {
        for size in [1, 3, 100] {
            var decoder = Base64Decoder()
            var output: [UInt8] = []
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                decoder.decode(bytes[start..<min(start + size, bytes.count)], into: &output)
            }
            #expect(decoder.finish(into: &output) && output == Array(plain.utf8))
        }
    }

    @Test(arguments: ["Z", "Zg=", "Zg==Zg==", "Zm9v=", "Zm!v", "Zg===", "=", "Zm9vZ"])
    func base64_thatIsNone_isRefused(text: String) {
        #expect(Base64Decoder.bytes(of: Array(text.utf8)) == nil)
    }

    @Test func base64_ofBothAlphabets_isTheSame() {
        #expect(Base64Decoder.bytes(of: Array("-_8=".utf8)) == [0xFB, 0xFF])
        #expect(Base64Decoder.bytes(of: Array("+/8=".utf8)) == [0xFB, 0xFF])
    }
}
