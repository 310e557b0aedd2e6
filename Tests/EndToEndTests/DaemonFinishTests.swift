import Foundation
import Glibc
import JobCore
import Synchronization
import TestSupport
import Testing

extension DaemonStories {
    /// The daemon dies between the steps that make a film of ours out of what RunPod brought: it is paid for and
    /// fetched once, and whole in the end, with nothing beside it.
    @Suite struct DaemonFinishTests {
        /// Right before what it dies.
        enum Step: String, CaseIterable, Sendable {
            case dressing, dressed, compared, recorded, posterTaken, contactSheetTaken, gate, passed, publishing, stored

            /// The helper at which it dies; nil where the storage tells the moment.
            var death: ProgramShims.Death? {
                func death(_ program: String, _ words: String, isAfter: Bool) -> ProgramShims.Death {
                    ProgramShims.Death(program: program, words: words, isAfter: isAfter)
                }
                return switch self {
                // The result is at home and recorded; the recipe is about to be put into it.
                case .dressing: death("ffmpeg", "part.video.mp4", isAfter: false)
                case .dressed: death("ffmpeg", "part.video.mp4", isAfter: true)
                case .compared: death("ffprobe", "part.video.mp4", isAfter: true)
                // The film has its recipe, and its record the new size.
                case .recorded: death("ffprobe", "/video.mp4", isAfter: false)
                case .posterTaken: death("ffmpeg", "poster.jpg", isAfter: true)
                case .contactSheetTaken: death("ffmpeg", "contact.jpg", isAfter: true)
                case .gate: death("ffmpeg", "-sseof", isAfter: false)
                case .passed: death("ffmpeg", "-sseof", isAfter: true)
                case .publishing, .stored: nil
                }
            }
        }

        /// A RunPod whose result lies at an address, and a storage that waits for the daemon's death where it shall.
        private final class Scene: Sendable {
            let runpod: FakeRunPod
            let storage: FakeStorage
            let reached = Gate()

            init(_ step: Step) throws {
                let (film, reached) = (try RealFilm.bytes(), reached)
                let place = Mutex("")
                let runpod = try FakeRunPod(
                    life: { _ in
                        .state("COMPLETED", #","executionTime":41200,"output":{"url":"\#(place.withLock { $0 })"}"#)
                    }, files: { .file(film, tag: "\"f\"", for: $0) })
                place.withLock { $0 = runpod.url("/film.mp4") }
                self.runpod = runpod
                let puts = Mutex(0)
                let honest = Mutex<FakeStorage?>(nil)
                let storage = try FakeStorage { request in
                    guard request.method == "PUT", !reached.isOpen else { return nil }
                    let number = puts.withLock { puts in
                        puts += 1
                        return puts
                    }
                    switch step {
                    case .publishing: break
                    // Film, poster and contact sheet; the last one arrives, and nobody hears of it.
                    case .stored where number == 3: _ = honest.withLock { $0.take() }?.honest(request)
                    default: return nil
                    }
                    reached.open()
                    return .hang
                }
                honest.withLock { $0 = step == .stored ? storage : nil }
                self.storage = storage
            }

            func stop() {
                runpod.stop()
                storage.stop()
            }

            var environment: [String: String] {
                storage.environment.merging([
                    "RUNPOD_API_KEY": FakeRunPod.key, "RUNPOD_ENDPOINT": runpod.endpoint,
                    "JOB_MONITOR_INTERVAL": "500ms", "KINOSPOOL_DURABILITY": "full",
                ]) { _, new in new }
            }
        }

        @Test(arguments: Step.allCases) func killed_atAStepOfTheFinish_isWholeInTheEnd(step: Step) async throws {
            let scene = try Scene(step)
            defer { scene.stop() }
            try await Desk.use { plain in
                let desk = try plain.hunting(.ours, death: step.death)
                let first = try await desk.serve(environment: scene.environment)
                try desk.write(
                    "spool/queued/boats.json", #"{"type":"RENDER","params":{"prompt":"paper boats","seed":7}}"#)
                if step.death == nil {
                    await scene.reached.passed()
                    first.signal(SIGKILL)
                }
                #expect(try await first.answer().status == 128 + SIGKILL)
                #expect(desk.state("boats") == .running)
                let second = try await desk.serve(environment: scene.environment)
                try await desk.until { desk.state("boats")?.isFinal == true && Self.isSettled(desk) }
                try await desk.stop(second)
                try await expectWhole(desk, scene)
                try desk.expectNoSecrets()
            }
        }

        private static func isSettled(_ desk: Desk) -> Bool { names(desk, SpoolLayout.storage).isEmpty }

        private static func names(_ desk: Desk, _ folder: String) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/\(folder)")) ?? []).sorted()
        }

        private func expectWhole(_ desk: Desk, _ scene: Scene) async throws {
            let job = try desk.job("boats")
            #expect(job.outcome == .done && job.attempt == 1, "\(job.error?.description ?? "")")
            #expect(job.warnings == [] && job.remoteRuns.count == 1)
            let film = try #require(job.artifacts.first)
            let files = ["contact.jpg", "poster.jpg", "video.mp4"]
            #expect(job.artifacts.count == 1 && film.fileNames.sorted() == files)
            #expect(try desk.scratch("boats").sorted() == files)
            // What was half-made at the kill lies in tmp/ for an hour, for it may have a living writer: two hours later
            // nothing does.
            let later = try WallClock(shift: 7200)
            let environment = scene.environment
            let sweep = try await desk.run(
                "serve", "--once", environment: environment.merging(later.environment) { $1 })
            // Its library is there for as long as it is.
            withExtendedLifetime(later) {}
            #expect(sweep.status == 0, "\(sweep.errors)")
            let left = [SpoolLayout.temporary, SpoolLayout.trash].map { Self.names(desk, $0) }
            #expect(left == [[], []])
            let shown = try await desk.run("show", "--from", "spool/films/boats.mp4")
            #expect(shown.status == 0 && shown.output.contains("paper boats"), "\(shown.errors)")
            #expect(scene.runpod.submits == 1 && scene.runpod.accepted == 1)
            #expect(scene.runpod.requests.count { $0.path == "/film.mp4" } == 1, "it was fetched again")
            let answer = try await desk.run("show", "boats", "--json", environment: environment)
            let publication = try #require(try Desk.object(answer.output)["publication"]?.object)
            #expect(publication["state"] == "published")
            let folder = publication["folder"]?.string ?? "none"
            #expect(scene.storage.objects.keys.sorted() == files.map { "jobs/boats/\(folder)/\($0)" })
            #expect(scene.storage.objects["jobs/boats/\(folder)/video.mp4"] == Int(film.bytes))
            #expect(scene.storage.uploads == [])
        }
    }
}
