import Foundation
import Glibc
import JobCore
import Synchronization
import TestSupport
import Testing

extension DaemonStories {
    /// The program against a RunPod that counts what is paid for, killed at each step of a job.
    @Suite struct DaemonRunPodTests {
        private static let job = #"{"type":"RENDER","params":{"prompt":"paper boats","seed":7}}"#

        private func environment(_ fake: FakeRunPod) -> [String: String] {
            [
                "RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": fake.endpoint, "RUNPOD_PRICE_PER_SECOND": "0.0002",
                "JOB_MONITOR_INTERVAL": "500ms", "KINOSPOOL_DURABILITY": "full",
            ]
        }

        /// Where the daemon dies: at the n-th request of a kind, which is not answered.
        enum Step: String, CaseIterable, Sendable {
            case submit = "/run", firstPoll = "/status/1", laterPoll = "/status/3", download = "/film.mp4"
        }

        /// A RunPod that holds back its answer at one step until the daemon has died.
        private final class Scene: Sendable {
            let fake: FakeRunPod
            let reached = Gate()

            init(_ step: Step?) throws {
                let (film, reached) = (try RealFilm.bytes(), reached)
                let isHeld = Mutex(step != nil)
                let holds: @Sendable (Step) -> Bool = { other in
                    guard step == other, isHeld.withLock({ $0 }) else { return false }
                    isHeld.withLock { $0 = false }
                    reached.open()
                    return true
                }
                let held = Held(holds: holds)
                let place = Mutex("")
                fake = try FakeRunPod(
                    submit: { _ in held.holds(.submit) ? .acceptAnd(.hang) : .accept },
                    life: { look in
                        if look == 1, held.holds(.firstPoll) { return .reply(.hang) }
                        if look == 3, held.holds(.laterPoll) { return .reply(.hang) }
                        if look < 4 { return .state("IN_PROGRESS", #","output":"Update \#(look)/4""#) }
                        let output = #"{"video_url":"\#(place.withLock { $0 })"}"#
                        return .state("COMPLETED", #","delayTime":2400,"executionTime":41200,"output":\#(output)"#)
                    }, listsRuns: true,
                    files: { request in
                        guard request.path == "/film.mp4" else { return nil }
                        if held.holds(.download) {
                            let head = FakeHTTPReply.head(
                                200,
                                [("Content-Length", "\(film.count)"), ("Accept-Ranges", "bytes"), ("ETag", "\"f\"")])
                            return FakeHTTPReply([.send(head + film.prefix(film.count / 2)), .hang])
                        }
                        return .file(film, tag: "\"f\"", for: request)
                    })
                place.withLock { $0 = fake.url("/film.mp4") }
            }

            private struct Held: Sendable {
                let holds: @Sendable (Step) -> Bool
            }
        }

        @Test(arguments: Step.allCases)
        func killed_atAStep_paysOnceAndLosesNothing(step: Step) async throws {
            let scene = try Scene(step)
            defer { scene.fake.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let first = try await desk.serve(environment: environment(scene.fake))
                try desk.write("spool/queued/boats.json", Self.job)
                await scene.reached.passed()
                first.signal(SIGKILL)
                _ = try await first.answer()
                let second = try await desk.serve(environment: environment(scene.fake))
                try await desk.until { desk.state("boats")?.isFinal == true }
                try await desk.stop(second)
                let job = try desk.job("boats")
                #expect(job.outcome == .done, "\(job.error?.description ?? "")")
                #expect(job.attempt == 1 && job.artifacts.map(\.kind) == [.video])
                #expect(scene.fake.accepted == 1 && scene.fake.submits == 1)
                let shown = try await desk.run("show", "boats")
                #expect(shown.output.contains("queue 2.4 s, GPU 41.2 s, $0.0082"), "\(shown.output)")
            }
        }

        @Test func cancel_tellsWhatTheGPUHadUsed() async throws {
            let fake = try FakeRunPod(life: { _ in .state("IN_PROGRESS", #","output":"Update 1/4""#) })
            defer { fake.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let daemon = try await desk.serve(environment: environment(fake))
                try desk.write("spool/queued/boats.json", Self.job)
                await fake.received(3)
                let answer = try await desk.run("cancel", "boats")
                #expect(answer.status == 0 && answer.output == "boats canceled\n")
                try await desk.until(daemon) { daemon.errorsSoFar.contains("run elsewhere is over") }
                // A slow machine may be told later; then it is said so.
                let isTold = answer.errors.contains("run-1-u1 is over: queue 1.5 s, GPU 2.5 s, $0.0005")
                #expect(isTold || answer.errors.contains("not confirmed as over yet"), "\(answer.errors)")
                try await desk.until(daemon) {
                    try desk.read("\(desk.folder)/spool/\(SpoolLayout.run(#require(JobID("boats"))))")?
                        .contains("canceled") ?? false
                }
                let shown = try await desk.run("show", "boats")
                #expect(
                    shown.output.contains("RunPod run run-1-u1: queue 1.5 s, GPU 2.5 s, $0.0005"), "\(shown.output)")
                let again = try await desk.run("cancel", "boats", "--json")
                #expect(try Desk.object(again.output)["status"] == "CANCELED")
                try await desk.stop(daemon)
            }
        }

        /// Each attempt's run has its own figures.
        @Test func retry_keepsTheFiguresOfBothRuns() async throws {
            let fake = try FakeRunPod(life: { look in
                look == 1
                    ? .state("IN_PROGRESS")
                    : .state("FAILED", #","delayTime":1500,"executionTime":2500,"error":"CUDA out of memory""#)
            })
            defer { fake.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let daemon = try await desk.serve(environment: environment(fake))
                try desk.write("spool/queued/boats.json", Self.job)
                try await desk.until { desk.state("boats") == .failed }
                #expect(try await desk.run("retry", "boats").status == 0)
                try await desk.until { desk.state("boats") == .failed && fake.accepted == 2 }
                try await desk.stop(daemon)
                let runs = try desk.job("boats").remoteRuns
                #expect(
                    runs.map(\.attempt) == [1, 2]
                        && runs.allSatisfy { $0.usage.execution == 2500 && $0.usage.cost != nil })
                let shown = try await desk.run("show", "boats")
                for name in ["run-1-u1", "run-2-u1"] {
                    #expect(
                        shown.output.contains("RunPod run \(name): queue 1.5 s, GPU 2.5 s, $0.0005"), "\(shown.output)")
                }
            }
        }

        @Test func downForTheWholeRun_fetchesTheFilmAtTheNextStart() async throws {
            let scene = try Scene(nil)
            defer { scene.fake.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let first = try await desk.serve(environment: environment(scene.fake))
                try desk.write("spool/queued/boats.json", Self.job)
                await scene.fake.received(2)
                try await desk.stop(first)
                #expect(desk.state("boats") == .running)
                let second = try await desk.serve(environment: environment(scene.fake))
                try await desk.until { desk.state("boats") == .done }
                try await desk.stop(second)
                #expect(scene.fake.submits == 1)
            }
        }

        /// How a person gets rid of a job at work.
        enum Removal: String, CaseIterable, Sendable { case command, hand }

        /// The daemon dies between the delete and RunPod's word that the run is over; the next one ends it.
        @Test(arguments: Removal.allCases)
        func killed_betweenDeleteAndConfirmation_theNextStartEndsTheRun(removal: Removal) async throws {
            let (stubborn, boats) = (Stubborn(), try #require(JobID("boats")))
            let fake = try FakeRunPod(
                life: { _ in .state("IN_PROGRESS", #","output":"Update 1/4""#) }, cancel: { _ in stubborn.answer() })
            defer { fake.stop() }
            try await Desk.use(hunting: .ours) { desk in
                let first = try await desk.serve(environment: environment(fake))
                try desk.write("spool/queued/boats.json", Self.job)
                await fake.received(3)
                switch removal {
                case .command: #expect(try await desk.run("rm", "--force", "boats").status == 0)
                case .hand: try FileManager.default.removeItem(atPath: "\(desk.folder)/spool/running/boats.json")
                }
                await stubborn.asked.passed()
                #expect(desk.state("boats") == nil)
                #expect(try await desk.run("show", "boats").status == 5)
                first.signal(SIGKILL)
                _ = try await first.answer()
                stubborn.confirms.withLock { $0 = true }
                let second = try await desk.serve(environment: environment(fake))
                try await desk.until(second) { second.errorsSoFar.contains("run elsewhere is over") }
                try await desk.until(second) {
                    !desk.exists("spool/\(SpoolLayout.record(boats))") && !desk.exists("spool/trash/boats.json")
                }
                try await desk.stop(second)
                #expect(fake.canceled == ["run-1-u1"] && fake.submits == 1)
            }
        }

        /// RunPod's side of a cancel that is not confirmed yet.
        private final class Stubborn: Sendable {
            let asked = Gate()
            let confirms = Mutex(false)

            func answer() -> FakeHTTPReply? {
                asked.open()
                return confirms.withLock { $0 } ? nil : .text(503, "")
            }
        }

        @Test func wrongKey_isAConfigError() async throws {
            let scene = try Scene(nil)
            defer { scene.fake.stop() }
            let wrong = "rpa_WRONGWRONGWRONGWRONG"
            try await Desk.use(hunting: .ours.adding(["a wrong key": wrong])) { desk in
                var environment = environment(scene.fake)
                environment["RUNPOD_API_KEY"] = wrong
                try desk.write("spool/queued/boats.json", Self.job)
                let answer = try await desk.run("serve", "--once", environment: environment)
                #expect(answer.status == 4)
                #expect(try desk.job("boats").error?.code == .configError)
                #expect(scene.fake.accepted == 0)
            }
        }
    }
}
