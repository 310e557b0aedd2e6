import JobCore
import Testing

@Suite struct JobDocumentTests {
    static func read(_ text: String) throws -> JobDocument { try JobDocument(reading: Array(text.utf8)) }

    @Test func rewrite_unknownKeys_areKeptByteForByte() throws {
        let unknown = #"{"x":{"deep":[1,-2.5,"\u0001é🎬",null,{"":true}]},"my key":9007199254740993,"z":"a\/b"}"#
        var document = try Self.read(#"{"type":"NOOP","extra":\#(unknown)}"#)
        let before = try #require(document.fields["extra"])
        document.rev += 1
        document.outcome = .failed
        document.error = Failure(.internalError, "It failed.")
        let again = try JobDocument(reading: document.bytes)
        #expect(again.fields["extra"] == before)
        #expect(again.bytes == document.bytes)
        #expect(JSONWriter.compact(again.fields["extra"] ?? .null) == JSONWriter.compact(before))
        #expect(JSONWriter.compact(before).contains("9007199254740993"))
    }

    @Test func read_statusKey_meansNothingAndIsKept() throws {
        let document = try Self.read(#"{"type":"NOOP","status":"done"}"#)
        #expect(document.outcome == nil)
        #expect(JobDocument.Key.allCases.allSatisfy { $0.rawValue != "status" && $0.rawValue != "state" })
        #expect(try JobDocument(reading: document.bytes).fields["status"] == "done")
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "-1", "1099511627777", "1e300", "\"7\""])
    func read_countsThatNothingReaches_areZero(number: String) throws {
        let document = try Self.read(#"{"rev":\#(number),"attempt":\#(number)}"#)
        #expect(document.rev == 0 && document.attempt == 0)
    }

    @Test func bytes_thatIndentationAloneMakesLarge_areWrittenWithoutIt() throws {
        let small = JobDocument(["x": .array(Array(repeating: 1, count: 1000))])
        #expect(small.bytes.contains(0x0A))
        // Compact about 800 KB, pretty about 2.4 MB.
        let large = JobDocument(["x": .array(Array(repeating: 1, count: 400_000))])
        #expect(large.bytes.count < JobDocument.maximumBytes)
        #expect(try JobDocument(reading: large.bytes) == large)
    }

    @Test func bytes_ofTheWorstFileThatIsTakenIn_areStillRead() throws {
        // A DEL is one byte in the file and six in ours; 1e15 is four and sixteen.
        let deletes = String(repeating: "\u{7F}", count: JobDocument.maximumBytes - 8)
        let text = #"{"x":"\#(deletes)"}"#
        #expect(text.utf8.count == JobDocument.maximumBytes)
        let document = try Self.read(text)
        #expect(document.bytes.count > JobDocument.maximumBytes)
        #expect(try JobDocument(reading: document.bytes) == document)
        let numbers = try Self.read("{\"x\":[1e15" + String(repeating: ",1e15", count: 209_000) + "]}")
        #expect(try JobDocument(reading: numbers.bytes).fields["x"]?.array?.count == 209_001)
    }

    @Test func read_atTheSizeLimit_readsAndOneBytePastIsRefused() throws {
        let frame = #"{"note":""}"#
        let fill = String(repeating: "x", count: JobDocument.maximumRewrittenBytes - frame.utf8.count)
        let document = try Self.read(#"{"note":"\#(fill)"}"#)
        #expect(document[.note]?.string == fill)
        let reason = "the file has more than 8388608 bytes"
        #expect(throws: JobDocument.Unreadable.invalid(reason)) { try Self.read(#"{"note":"\#(fill)y"}"#) }
    }

    @Test(
        arguments: [
            (#"{"type":"#, .incomplete("not JSON at line 1, column 9: the text ends too early")),
            ("", .incomplete("not JSON at line 1, column 1: the text ends too early")),
            ("{\n\"a\":x}", .invalid("not JSON at line 2, column 5: a JSON value is expected")),
            ("[1]", .notAnObject("a job file is one JSON object (this is an array)")),
            ("null", .notAnObject("a job file is one JSON object (this is null)")),
        ] as [(String, JobDocument.Unreadable)])
    func read_noJobFile_saysWhetherMoreBytesCouldHelp(text: String, problem: JobDocument.Unreadable) {
        #expect(throws: problem) { try Self.read(text) }
    }

    @Test func typedFields_roundTripThroughBytes() throws {
        var document = JobDocument([:])
        #expect(document.rev == 0 && document.attempt == 0 && document.artifacts == [] && document.typeName == "")
        document.rev = 3
        document.attempt = 2
        document.outcome = .done
        document.createdAt = Timestamp(milliseconds: 1)
        document.startedAt = Timestamp(milliseconds: 1500)
        document.finishedAt = Timestamp(milliseconds: 2500)
        document.artifacts = [Artifact(name: "a.mp4", kind: .video, bytes: 5, sha256: "00")]
        let again = try JobDocument(reading: document.bytes)
        #expect(again == document)
        #expect(again.rev == 3 && again.attempt == 2 && again.outcome == .done)
        #expect(again.createdAt?.milliseconds == 1 && again.startedAt?.milliseconds == 1500)
        #expect(again.finishedAt?.milliseconds == 2500 && again.artifacts.map(\.name) == ["a.mp4"])
    }

    @Test func typedFields_ofTheWrongType_areAsIfMissing() throws {
        let document = try Self.read(
            #"{"rev":"x","attempt":1e300,"outcome":"finished","error":5,"artifacts":{},"created_at":"x","type":7}"#)
        #expect(document.rev == 0 && document.attempt == 0 && document.outcome == nil && document.error == nil)
        #expect(document.artifacts == [] && document.createdAt == nil && document.typeName == "")
    }

    @Test func forgetOutcome_removesTheEndingAndNothingElse() throws {
        var document = try Self.read(
            """
            {"type":"NOOP","outcome":"done","artifacts":[],"error":{},"finished_at":"x","output_urls":[],"progress":100,
             "warnings":["w"],"rev":4,"attempt":2,"created_at":"c","errors":[1],"mine":true}
            """)
        document.forgetOutcome()
        #expect(Set(document.fields.keys) == ["type", "rev", "attempt", "created_at", "errors", "mine"])
    }

    @Test(arguments: [
        (#"{"params":{"prompt":"p","text":"t"}}"#, "p"), (#"{"params":{"text":"t"}}"#, "t"), ("{}", nil),
        (#"{"params":[]}"#, nil),
    ])
    func prompt_isThePromptElseTheText(text: String, prompt: String?) throws {
        #expect(try Self.read(text).prompt == prompt)
    }
}
