import Foundation
import Glibc
import JobCore
import Testing

/// Webhooks of the real program to a receiver that checks them with the reference library.
@Suite(.timeLimit(.minutes(isTorture ? 10 : 3))) struct WebhookRouteTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let job = #"{"type":"NOOP","params":{}}"#

    /// A receiver, and the settings that send webhooks to it.
    private func receiver(_ desk: Desk) throws -> (process: Process, settings: [String: String]) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: PeerTests.python)
        process.arguments = ["-u", PeerTests.script("webhook_peer.py"), Self.secret, "\(desk.folder)/received"]
        (process.standardOutput, process.standardInput) = (pipe, FileHandle.nullDevice)
        try desk.write("received", "")
        try process.run()
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)), "\(line)")
        return (
            process,
            [
                "KINOSPOOL_WEBHOOK_URLS": "http://127.0.0.1:\(port)/all", "KINOSPOOL_WEBHOOK_SECRET": Self.secret,
                "KINOSPOOL_WEBHOOK_ALLOW": "http://127.0.0.1:\(port)/jobs/", "NO_PROXY": "127.0.0.1",
                "no_proxy": "127.0.0.1", "KINOSPOOL_DURABILITY": "full",
            ]
        )
    }

    private func received(_ desk: Desk) -> [String] {
        (desk.read("\(desk.folder)/received") ?? "").split(separator: "\n").map(String.init)
    }

    private func until(_ desk: Desk, _ condition: @escaping @Sendable ([String]) -> Bool) async throws {
        try await ChangeSignal.wait(for: ["\(desk.folder)/received"]) { condition(received(desk)) }
    }

    @Test func deliveries_passTheReferenceLibrary_andAreListedAndReplayed() async throws {
        try await Desk.use { desk in
            let (receiver, settings) = try receiver(desk)
            defer { kill(receiver.processIdentifier, SIGKILL) }
            let daemon = try await desk.serve(environment: settings)
            let api = try await desk.api(daemon)
            let own = try #require(settings["KINOSPOOL_WEBHOOK_ALLOW"]) + "42"
            let posted = try await api.post(
                "/jobs", #"{"type":"NOOP","job_id":"a","params":{},"webhook_url":"\#(own)"}"#)
            #expect(posted.status == 200, "\(posted.text)")
            try await until(desk) { $0.count == 3 }
            let lines = received(desk)
            #expect(lines.allSatisfy { $0.hasPrefix("msg_") }, "\(lines)")
            #expect(lines.count { $0.contains(#""type":"job.done""#) } == 2)
            #expect(lines.contains { $0.contains("http://\(api.host)/jobs/a") })
            let list = try #require(try await api.get("/webhooks").json().array).compactMap(\.object)
            #expect(list.count == 3)
            #expect(Set(list.compactMap { $0["type"]?.string }) == ["job.done", "queue.idle"])
            let id = try #require(list.first?["id"]?.string)
            let replayed = try await api.post("/webhooks/\(id)/replay")
            #expect(replayed.status == 200)
            try await until(desk) { $0.count == 4 }
            #expect(received(desk).last?.hasPrefix(id) == true)
            #expect(try await api.post("/webhooks/msg_000000000000000000000000/replay").status == 404)
            #expect(try await api.post("/webhooks/x/replay").status == 404)
            let stranger = try await api.post("/jobs", #"{"type":"NOOP","webhook_url":"http://127.0.0.1:9/x"}"#)
            #expect(stranger.status == 400)
            #expect(try stranger.object()["errors"]?.array?.first?.object?["pointer"] == "/webhook_url")
            #expect(try await desk.run("config", environment: settings).output.contains("••••"))
            let answer = try await desk.stop(daemon)
            #expect(!answer.errors.contains("/all") && !answer.errors.contains("whsec_"))
        }
    }

    @Test func onceUntilTheQueueIsEmpty_stillTells() async throws {
        try await Desk.use { desk in
            let (receiver, settings) = try receiver(desk)
            defer { kill(receiver.processIdentifier, SIGKILL) }
            try await desk.submit("a")
            // The first start with webhooks: what ends from then on is told.
            #expect(try await desk.run("serve", "--once", environment: settings).status == 0)
            #expect(received(desk).count { $0.contains(#""job.done""#) } == 1)
        }
    }

    @Test func killedDaemons_loseNoWebhook() async throws {
        try await Desk.use { desk in
            let (receiver, settings) = try receiver(desk)
            defer { kill(receiver.processIdentifier, SIGKILL) }
            var posted: Set<String> = []
            for _ in 0..<(isTorture ? 100 : 8) {
                let daemon = try await desk.serve(environment: settings)
                let api = try await desk.api(daemon)
                let before = received(desk).count
                var last = ""
                for _ in 0..<Int.random(in: 1...3) {
                    last = try #require(try await api.post("/jobs", job).object()["job_id"]?.string)
                    posted.insert(last)
                }
                // Before a job's commit, between the commit, its record and its delivery, or after one.
                let id = last
                switch Int.random(in: 0...2) {
                case 0: break
                case 1: try await desk.until(daemon) { desk.state(id) == .done }
                default: try await until(desk) { $0.count > before }
                }
                daemon.signal(SIGKILL)
                _ = try await daemon.answer()
            }
            let daemon = try await desk.serve(environment: settings)
            let wanted = posted
            try await until(desk) { lines in
                wanted.allSatisfy { id in lines.contains { $0.contains(#""job_id":"\#(id)""#) } }
            }
            var ids: [String: Set<String>] = [:]
            let lines = received(desk)
            for line in lines {
                let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
                try #require(parts.count == 2 && parts[0].hasPrefix("msg_"), "\(line)")
                let event = try Desk.object(parts[1])
                guard event["type"] == "job.done", let job = event["data"]?.object?["job_id"]?.string else { continue }
                ids[job, default: []].insert(parts[0])
            }
            // Every job is told; told again it is the same message.
            #expect(Set(ids.keys) == wanted)
            #expect(ids.values.allSatisfy { $0.count == 1 }, "\(ids)")
            print("measured: \(wanted.count) jobs, \(lines.count) webhooks")
            try await desk.stop(daemon)
        }
    }
}
