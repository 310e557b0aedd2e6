import JobCore
import Testing

@testable import Web

/// Headers, queries and names that clients send.
@Suite struct HeaderTests {
    private let tag = EntityTag(opaque: "abc")

    @Test(arguments: [
        (#""abc""#, true, true), (#"W/"abc""#, true, false), ("*", true, true), (#""x", W/"abc""#, true, false),
        (#""x" , "abc""#, true, true), (#""x""#, false, false), ("abc", false, false), (#""a,b""#, false, false),
        ("", false, false),
    ])
    func entityTag_inALists(header: String, weakly: Bool, strongly: Bool) {
        #expect(tag.matchesWeakly(header) == weakly)
        #expect(tag.matchesStrongly(header) == strongly)
    }

    @Test func entityTag_withACommaInside_isOneTag() {
        #expect(EntityTag(opaque: "a,b").matchesStrongly(#""x", "a,b""#))
    }

    @Test(
        arguments: [
            (nil, nil, false), ("wait=30", 30, false), ("wait=600", 60, false), ("wait=-5", 0, false),
            ("Wait=\"7\", handling=strict", 7, true), ("respond-async", nil, false), ("wait", nil, false),
        ] as [(String?, Int?, Bool)])
    func preference_table(header: String?, wait: Int?, isStrict: Bool) {
        let preference = Preference(header: header)
        #expect(preference.wait == wait)
        #expect(preference.isStrict == isStrict)
    }

    @Test func query_isDecoded_andListsAreJoined() throws {
        let query = try QueryItems("state=queued&q=a%20b+c&state=done,failed&x")
        #expect(query["q"] == "a b c")
        #expect(query.list("state") == ["queued", "done", "failed"])
        #expect(query["x"] == "")
        #expect(query["y"] == nil)
        #expect(throws: Problem.self) { try QueryItems("q=%zz") }
        #expect(try QueryItems("limit=7").integer("limit", in: 1...200) == 7)
        for wrong in ["0", "201", "-1", "1e2", "", "٣"] {
            #expect(throws: Problem.self) {
                try QueryItems("limit=\(PercentEncoding.encoded(wrong))").integer("limit", in: 1...200)
            }
        }
    }

    @Test func cursor_comesBackAsItWas() throws {
        let id = try #require(JobID("a~b".replacing("~", with: "-")))
        let cursor = JobCursor(createdAt: Timestamp(milliseconds: 1_795_000_000_123), id: id)
        #expect(PageCursor.cursor(PageCursor.text(cursor)) == cursor)
        for wrong in ["", "~", "1~", "~a", "x~a", "-1~a", "1~A B"] { #expect(PageCursor.cursor(wrong) == nil) }
    }

    @Test func eventID_ofAnotherRun_isBeforeAll() {
        #expect(EventID("abc-7", epoch: "abc").sequence == 7)
        #expect(EventID(EventID(sequence: 9, epoch: "z").text, epoch: "z").sequence == 9)
        for other in ["abd-7", "7", "", "abc-", "abc-x"] { #expect(EventID(other, epoch: "abc").sequence == -1) }
    }

    @Test func download_isNamedForOldAndNewClients() {
        #expect(
            FileType.attachment("Der Löwe \"x\".mp4")
                == "attachment; filename=\"Der_L_we__x_.mp4\"; filename*=UTF-8''Der%20L%C3%B6we%20%22x%22.mp4")
    }

    @Test func fileType_neverRunsInABrowser() {
        for name in ["a.html", "a.svg", "a.js", "a.xml", "a", ".html", "a.HTML"] {
            #expect(FileType.mediaType(of: name) == "application/octet-stream")
        }
        #expect(FileType.mediaType(of: "Film.MP4") == "video/mp4")
    }

    @Test(arguments: [
        (#"{"a\u0000":"\u0000"}"#, #"{"a\ufffd":"\ufffd"}"#), (#""\\u0000""#, #""\\u0000""#),
        (#""\\\u0000""#, #""\\\ufffd""#), (#""\u00001""#, #""\ufffd1""#), ("{}", "{}"), (#""\u000""#, #""\u000""#),
        (#"\"#, #"\"#),
    ])
    func nul_isReplacedWhereItIsOne(text: String, wanted: String) {
        #expect(String(decoding: NULEscape.replaced(in: Array(text.utf8)), as: UTF8.self) == wanted)
    }

    @Test func metrics_areInTheTextFormat() {
        var text = MetricsText()
        text.add("jobs", .gauge, "Jobs.", [(["state": "queued"], 2), (["state": "done"], 0.5)])
        text.add("up", .counter, "Up.", 1)
        #expect(
            text.text == """
                # HELP jobs Jobs.
                # TYPE jobs gauge
                jobs{state="queued"} 2
                jobs{state="done"} 0.5
                # HELP up Up.
                # TYPE up counter
                up 1

                """)
    }
}
