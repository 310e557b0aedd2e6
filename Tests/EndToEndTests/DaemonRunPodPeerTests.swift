import Foundation
import JobCore
import TestSupport
import Testing

extension DaemonStories {
    /// The program and RunPod's real worker, with ffmpeg in the place of a GPU; RunPod's real client says that the
    /// gateway between them speaks as RunPod does.
    @Suite struct DaemonRunPodPeerTests {
        private static func job(_ prompt: String) -> String {
            #"{"type":"RENDER","params":{"prompt":"\#(prompt)"}}"#
        }

        private func environment(_ peer: RunPodPeer) -> [String: String] {
            [
                "RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": peer.endpoint, "RUNPOD_PRICE_PER_SECOND": "0.01",
                "JOB_MONITOR_INTERVAL": "500ms",
            ]
        }

        @Test func realClient_understandsTheGateway() async throws {
            let peer = try await RunPodPeer()
            defer { peer.stop() }
            let answer = try await peer.askWithRealClient()
            #expect(answer.status == 0 && answer.output == "understood\n", "\(answer.output)\n\(peer.lines)")
        }

        static let rows: [(prompt: String, code: FailureCode?, words: String)] = [
            ("a film", nil, ""), ("url", nil, ""), ("late progress", nil, ""),
            ("raise", .runpodExecutionError, "the model is missing"),
            ("too large", .runpodExecutionError, "result exceeded the limit"),
            ("path", .configError, "The worker has no bucket"),
        ]

        @Test func realWorker_everyEndIsTheRightOne() async throws {
            let peer = try await RunPodPeer()
            defer { peer.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let daemon = try await desk.serve(environment: environment(peer))
                for (index, row) in Self.rows.enumerated() {
                    try desk.write("spool/queued/job\(index).json", Self.job(row.prompt))
                }
                try await desk.until { Self.rows.indices.allSatisfy { desk.state("job\($0)")?.isFinal ?? false } }
                for (index, row) in Self.rows.enumerated() {
                    let job = try desk.job("job\(index)")
                    #expect(job.error?.code == row.code, "\(row.prompt): \(job.error?.description ?? "done")")
                    #expect(job.error?.message.contains(row.words) ?? row.words.isEmpty, "\(job.error?.message ?? "")")
                    #expect(job.attempt == 1 && job.remoteRuns.count == 1, "\(row.prompt)")
                    #expect(job.remoteRuns.first?.usage.execution != nil)
                    if row.code == nil { try await hasAllThatFilmsHave(job, "job\(index)", row.prompt, desk) }
                }
                try await desk.stop(daemon)
            }
            #expect(peer.lines.count { $0.hasPrefix("run ") } == Self.rows.count)
        }

        /// A film from afar is one of ours: with its recipe, a poster and a contact sheet, and nothing beside them.
        private func hasAllThatFilmsHave(_ job: JobDocument, _ id: String, _ prompt: String, _ desk: Desk) async throws
        {
            let film = try #require(job.artifacts.first)
            #expect(job.artifacts.count == 1 && film.name == "video.mp4", "\(prompt)")
            #expect(film.poster == "poster.jpg" && film.contactSheet == "contact.jpg", "\(prompt): \(job.warnings)")
            let shown = try await desk.run("show", "--from", "spool/films/\(id).mp4")
            #expect(shown.status == 0 && shown.output.contains(prompt), "\(shown.errors)")
            let scratch = SpoolLayout.scratch(try #require(JobID(id)), attempt: 1)
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/\(scratch)").sorted()
            #expect(names == ["contact.jpg", "poster.jpg", "video.mp4"], "\(prompt)")
        }

        @Test func filmWithoutRecipe_staysAsItCame() async throws {
            let film = try RealFilm.bytes()
            let fake = try FakeRunPod(life: FakeRunPod.usual(#"{"video":"\#(Base64.encoded(film))"}"#))
            defer { fake.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let keys = ["RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": fake.endpoint]
                try desk.write(
                    "spool/queued/boats.json", #"{"type":"RENDER","params":{"prompt":"x","embed_recipe":false}}"#)
                #expect(try await desk.run("serve", "--once", environment: keys).status == 0)
                #expect(try Array(Data(contentsOf: URL(filePath: "\(desk.folder)/spool/films/boats.mp4"))) == film)
                #expect(try desk.job("boats").artifacts.first?.poster == "poster.jpg")
            }
        }

        /// A worker that listens is stopped; one that is deaf works on, and what it brings is nobody's.
        @Test(arguments: ["for ever", "deaf"]) func realWorker_canceled_isFreeAgain(prompt: String) async throws {
            let peer = try await RunPodPeer()
            defer { peer.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let daemon = try await desk.serve(environment: environment(peer))
                try desk.write("spool/queued/endless.json", Self.job(prompt))
                // A stop that comes before the worker has begun is not heard; a deaf one tells nothing once it has.
                try await peer.until { $0.contains(prompt == "deaf" ? "take run-1-u1" : "progress run-1-u1") }
                #expect(try await desk.run("cancel", "endless").status == 0)
                #expect(desk.state("endless") == .canceled)
                try await desk.until(daemon) { daemon.errorsSoFar.contains("run elsewhere is over") }
                // A deaf one hears of it only after it has brought its film.
                try peer.release()
                if prompt == "deaf" { try await peer.until { $0.contains("late run-1-u1") } }
                try desk.write("spool/queued/last.json", Self.job("a film"))
                try await desk.until { desk.state("last")?.isFinal == true }
                #expect(desk.state("last") == .done && desk.state("endless") == .canceled)
                try await desk.stop(daemon)
                let job = try desk.job("endless")
                #expect(job.artifacts.isEmpty && job.error?.code == .userCanceled)
                #expect(try await desk.run("show", "endless").output.contains("GPU"))
            }
            #expect(peer.lines.contains("end run-1-u1 CANCELLED") && peer.lines.contains("stop run-1-u1"))
        }

        @Test func daemonDown_forTheWholeRun_fetchesTheFilmAtTheNextStart() async throws {
            let peer = try await RunPodPeer()
            defer { peer.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let first = try await desk.serve(environment: environment(peer))
                // It holds up the worker, so that the other one waits in RunPod's queue when the daemon goes.
                try desk.write("spool/queued/boats.json", Self.job("deaf"))
                try await peer.until { $0.contains("take run-1-u1") }
                try desk.write("spool/queued/waves.json", Self.job("a film"))
                try await peer.until { $0.contains("run run-2-u1") }
                first.signal(SIGKILL)
                _ = try await first.answer()
                #expect(!peer.lines.contains { $0.hasPrefix("end ") })
                try peer.release()
                try await peer.until { $0.contains("end run-1-u1 COMPLETED") && $0.contains("end run-2-u1 COMPLETED") }
                #expect(desk.state("boats") == .running && desk.state("waves") == .running)
                let second = try await desk.serve(environment: environment(peer))
                try await desk.until { desk.state("boats")?.isFinal == true && desk.state("waves")?.isFinal == true }
                try await desk.stop(second)
                for id in ["boats", "waves"] {
                    let job = try desk.job(id)
                    #expect(job.outcome == .done && job.attempt == 1, "\(id): \(job.error?.description ?? "")")
                }
            }
            #expect(peer.lines.count { $0.hasPrefix("run ") } == 2, "each was paid for once")
        }
    }
}
