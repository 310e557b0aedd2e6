import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("Long base64 in JSON")
struct JSONSpillTests {
    private let film = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 7) }

    private func take(_ json: [UInt8], _ folder: String, pieces: Int, maximumDocument: Int = 4 << 20)
        throws(HTTPFailure)
        -> JSONSpill
    {
        let spill = JSONSpill(folder: folder, maximumDocument: maximumDocument)
        for start in stride(from: 0, to: json.count, by: pieces) {
            try spill.write(Array(json[start..<min(start + pieces, json.count)]))
        }
        return spill
    }

    @Test(arguments: [1, 7, 4096, 10_000_000]) func longBase64_goesToAFile_howeverItIsCut(pieces: Int) async throws {
        try await withScratch { scratch in
            let text = Data(film).base64EncodedString()
            let json = #"{"id":"a\"b\\","output":{"video":"\#(text)","ok":[true,"\#(text)"]},"n":1}"#
            let spill = try take(Array(json.utf8), scratch.path, pieces: pieces)
            let document = try #require(try JSONReader.read(spill.document).object)
            #expect(document["id"]?.string == "a\"b\\" && document["n"]?.integer == 1)
            let output = try #require(document["output"]?.object)
            let placeholders = [output["video"]?.string, output["ok"]?.array?.last?.string].compactMap { $0 }
            #expect(Set(placeholders) == Set(spill.files.keys) && placeholders.count == 2)
            for (index, placeholder) in placeholders.enumerated() {
                let file = try #require(spill.files[placeholder])
                #expect(file.path == "\(scratch.path)/spill-\(index + 1)" && file.size == 400_000)
                #expect(file.sha256 == SHA256.hex(of: film))
                #expect(try Array(scratch.bytes(file.path)) == film)
            }
        }
    }

    @Test func dataURIAndEscapes_areUnderstood() async throws {
        try await withScratch { scratch in
            let text = Data(film).base64EncodedString().replacing("/", with: "\\/").replacing("+", with: "\\u002b")
            let json = #"{"v":"data:video\/mp4;base64,\#(text)"}"#
            let spill = try take(Array(json.utf8), scratch.path, pieces: 1000)
            #expect(spill.files.values.map(\.sha256) == [SHA256.hex(of: film)])
        }
    }

    @Test func base64AtTheThreshold_staysInTheDocument() async throws {
        try await withScratch { scratch in
            for (count, isSpilled) in [(JSONSpill.threshold, false), (JSONSpill.threshold + 4, true)] {
                let text = String(repeating: "QUJD", count: count / 4)
                let spill = try take(Array(#"["\#(text)"]"#.utf8), scratch.path, pieces: 1 << 20)
                #expect(spill.files.isEmpty != isSpilled)
                #expect((try JSONReader.read(spill.document).array?.first?.string == text) != isSpilled)
            }
        }
    }

    @Test func otherLongTexts_stay_upToTheLimit() async throws {
        try await withScratch { scratch in
            let text = String(repeating: "Traceback: \\\"x\\\" ", count: 6000)
            let json = Array(#"{"error":"\#(text)"}"#.utf8)
            let spill = try take(json, scratch.path, pieces: 999, maximumDocument: json.count)
            #expect(spill.document == json && spill.files.isEmpty)
            let failure = await httpFailure { () throws(HTTPFailure) in
                try take(json, scratch.path, pieces: 999, maximumDocument: json.count - 1)
            }
            #expect(failure?.reason == .tooLarge)
        }
    }

    @Test(arguments: ["!", "=A", "\\n=\\nA"]) func base64ThatBreaksLater_isWrongContent(end: String) async throws {
        try await withScratch { scratch in
            let json = #"["\#(String(repeating: "QUJD", count: 50_000))\#(end)"]"#
            let failure = await httpFailure { () throws(HTTPFailure) in
                try take(Array(json.utf8), scratch.path, pieces: 5000)
            }
            #expect(failure?.reason == .wrongContent)
        }
    }

    @Test func answerOfAServer_goesThroughTheClient() async throws {
        try await withScratch { scratch in
            let text = Data(film).base64EncodedString()
            let server = try FakeHTTPServer { _ in .json(200, #"{"status":"COMPLETED","output":"\#(text)"}"#) }
            defer { server.stop() }
            let spill = JSONSpill(folder: scratch.path)
            var request = HTTPRequest(.get, url(server))
            request.maximumBody = 10_000_000
            let response = try await HTTPClient(environment: HTTPEnvironment()).send(request, into: spill)
            #expect(response.body.isEmpty && spill.files.count == 1)
            #expect(spill.document.count < 200)
        }
    }
}
