import Foundation
import JobCore
import Testing

@testable import Backends

@Suite("Noop backend", .timeLimit(.minutes(10)))
struct NoopBackendTests {
    @Test func run_ofNothing_makesNothing() async throws {
        try await withScratch { scratch in
            let files = try await NoopBackend().run(scratch.request(#"{"type":"NOOP","params":{}}"#)) { event in
                Issue.record("it told \(event)")
            }
            #expect(files == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
        }
    }

    @Test(arguments: [1, 65_536, 65_537, 9_000_001])
    func run_withOutput_writesExactlySoManyBytes_theSameForOneSeed(count: Int) async throws {
        try await withScratch { scratch in
            let json = #"{"type":"NOOP","params":{"output_bytes":\#(count)}}"#
            let files = try await NoopBackend().run(scratch.request(json)) { _ in }
            #expect(files == [ProducedFile(name: "output.bin", kind: .data)])
            let other = try scratch.another("other")
            _ = try await NoopBackend().run(scratch.request(json, scratch: other)) { _ in }
            let bytes = try scratch.bytes(scratch.path + "/output.bin")
            #expect(bytes.count == count)
            #expect(bytes == (try scratch.bytes(other + "/output.bin")))
        }
    }

    @Test(arguments: FailureCode.allCases)
    func run_askedToFail_failsWithThatCodeAndWritesNothing(code: FailureCode) async throws {
        try await withScratch { scratch in
            let json = #"{"type":"NOOP","params":{"fail":"\#(code.rawValue)","output_bytes":10}}"#
            let request = try scratch.request(json)
            #expect(await failure { _ = try await NoopBackend().run(request) { _ in } }?.code == code)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
        }
    }

    @Test func run_ofAnotherJob_isRefused() async throws {
        try await withScratch { scratch in
            let request = try scratch.request(#"{"type":"RENDER","params":{"prompt":"a"}}"#)
            #expect(await failure { _ = try await NoopBackend().run(request) { _ in } }?.code == .configError)
        }
    }

    @Test func splitMix_ofAKnownSeed_givesTheReferenceNumbers() {
        var random = SplitMix(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
    }
}
