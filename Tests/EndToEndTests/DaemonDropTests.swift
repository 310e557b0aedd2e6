import Foundation
import JobCore
import Testing

extension DaemonStories {
    /// Bad drops, as people and programs make them.
    @Suite struct DaemonDropTests {
        @Test func badDrops_areExplained_andTheNextGoodOneIsDone() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                try await desk.shell(
                    "cd spool/queued; ln -s /etc/passwd link.json; mkfifo fifo.json; mkdir folder.json"
                )
                let failing = [
                    "wrong-type": #"{"type":7}"#, "unknown": #"{"type":"DREAM"}"#,
                    "priority": #"{"type":"NOOP","priority":{}}"#,
                    "path": #"{"type":"NOOP","job_id":"../../etc/passwd"}"#,
                    "for-ever": #"{"type":"NOOP","params":{"seconds":1e300}}"#,
                ]
                for (name, text) in failing { try desk.write("spool/queued/\(name).json", text) }
                var aside = ["link", "fifo", "folder", "array", "huge"]
                try desk.write("spool/queued/array.json", "[1,2,3]")
                try desk.write(
                    "spool/queued/huge.json",
                    #"{"type":"NOOP","note":""# + String(repeating: "x", count: 3 << 20) + "\"}")
                if isTorture {
                    // Their writers are given a minute.
                    try desk.write("spool/queued/torn.json", #"{"type":"NOOP","par"#)
                    try desk.write("spool/queued/nested.json", String(repeating: "[", count: 20_000))
                    try desk.write("spool/queued/bytes.json", "{\"type\":\"NO\u{0}OP\"}")
                    try desk.write("spool/queued/nul.json", #"{"type":"NOOP","job_id":"a\u0000b"}"#)
                    aside += ["torn", "nested", "bytes", "nul"]
                }
                let expected = aside
                try await desk.until {
                    Self.reasons(desk).count == expected.count && desk.count(.failed) == failing.count
                }
                let reasons = Self.reasons(desk)
                for name in expected {
                    let reason = try #require(
                        reasons.first { $0.message.hasPrefix("queued/\(name).json: ") }, "\(name)")
                    #expect(reason.code == .invalidJob)
                    #expect(reason.message.count > 30)
                }
                for name in failing.keys {
                    let error = try #require(try desk.job(name).error)
                    #expect(error.code == .invalidJob)
                    #expect(error.message.hasPrefix("/"))
                }
                try desk.write("spool/queued/good.json", #"{"type":"NOOP"}"#)
                try await desk.until { desk.state("good") == .done }
                #expect(desk.count(.queued) == 0)
                #expect(try await desk.stop(daemon).status == 0)
            }
        }

        private static func reasons(_ desk: Desk) -> [Failure] {
            let folder = "\(desk.folder)/spool/quarantine"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".why.json") }.compactMap { name in
                FileManager.default.contents(atPath: "\(folder)/\(name)")
                    .flatMap { try? JSONReader.read(Array($0)) }.flatMap { Failure(json: $0) }
            }
        }
    }
}
