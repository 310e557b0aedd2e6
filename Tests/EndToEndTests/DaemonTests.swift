import Foundation
import Glibc
import JobCore
import Testing

/// The whole way, with a daemon in a process of its own.
@Suite(.timeLimit(.minutes(3))) struct DaemonTests {
    @Test func aDroppedFile_becomesAFilm() async throws {
        try await Desk.use { desk in
            let daemon = try desk.start(["serve"])
            try desk.write(
                "spool/queued/harbour.json",
                #"{"type":"RENDER","params":{"prompt":"paper boats","duration":1,"resolution":"320x180","seed":7}}"#)
            try await desk.until { desk.exists("spool/films/harbour.mp4") }
            let awaited = try await desk.run("wait", "harbour")
            #expect(awaited.status == 0)
            let shown = try Desk.object(try await desk.run("show", "harbour", "--json").output)
            #expect(shown["status"] == "SUCCEEDED")
            #expect(shown["progress"] == 100)
            let film = try Data(contentsOf: URL(filePath: "\(desk.folder)/spool/films/harbour.mp4"))
            #expect(film.count > 1000)
            daemon.signal(SIGTERM)
            let answer = try await daemon.answer()
            #expect(answer.status == 0)
            #expect(answer.output.isEmpty)
            let line = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info|notice|warning|error|critical) .*$/
            #expect(answer.errors.split(separator: "\n").allSatisfy { $0.wholeMatch(of: line) != nil })
        }
    }

    @Test func serve_besideADaemon_exits6AndNamesTheHolder() async throws {
        try await Desk.use { desk in
            let daemon = try desk.start(["serve", "--log-format", "json"])
            try await desk.until(daemon) { daemon.errorsSoFar.contains("ready") }
            let second = try await desk.run("serve", "--once")
            #expect(second.status == 6)
            #expect(second.errors.contains("Another daemon holds this spool: process \(daemon.pid) on "))
            daemon.signal(SIGINT)
            let answer = try await daemon.answer()
            #expect(answer.status == 0)
            for line in answer.errors.split(separator: "\n") { _ = try Desk.object(String(line)) }
        }
    }

    @Test func serveOnce_exits0WhenAllIsDoneAnd4WhenAJobFailed() async throws {
        try await Desk.use { desk in
            try await desk.submit("fine")
            let first = try await desk.run("serve", "--once")
            #expect(first.status == 0)
            try await desk.submit("bad", #"{"fail":"invalid_video"}"#)
            let second = try await desk.run("serve", "--once", "--json")
            #expect(second.status == 4)
            #expect(try Desk.object(second.output) == ["v": 1, "done": 0, "failed": 1])
            let shown = try await desk.run("show", "bad")
            #expect(shown.output.hasPrefix("bad  failed  invalid_video  NOOP"))
            #expect(shown.output.contains("kinospool retry bad"))
        }
    }

    @Test func cancel_ofARunningJob_endsTheWaiting() async throws {
        try await Desk.use { desk in
            let daemon = try desk.start(["serve"])
            try await desk.submit("slow", #"{"seconds":600}"#)
            try await desk.until { desk.exists("spool/running/slow.json") }
            let waiting = try desk.start(["wait", "@running"])
            try await desk.until(waiting) { waiting.errorsSoFar.contains("slow running") }
            let canceled = try await desk.run("cancel", "slow")
            #expect(canceled.output == "slow canceled\n")
            let answer = try await waiting.answer()
            #expect(answer.status == 3)
            daemon.signal(SIGTERM)
            _ = try await daemon.answer()
        }
    }

    @Test func servePaused_startsNothingUntilResume() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let daemon = try desk.start(["serve", "--paused"])
            try await desk.until(daemon) { daemon.errorsSoFar.contains("ready") }
            let early = try await desk.run("wait", "one", "--timeout", "300ms")
            #expect(early.status == 8)
            try await desk.run("resume")
            let late = try await desk.run("wait", "one")
            #expect(late.status == 0)
            daemon.signal(SIGTERM)
            _ = try await daemon.answer()
        }
    }

    @Test func render_withoutADaemon_makesTheFilmAndPrintsItsPath() async throws {
        try await Desk.use { desk in
            try desk.write("slow.json", #"{"type":"NOOP","params":{"seconds":600}}"#)
            try await desk.run("submit", "slow.json")
            let answer = try await desk.run(
                "render", "a lighthouse", "--duration", "1", "--resolution", "320x180", "-o", "film.mp4")
            #expect(answer.status == 0, "\(answer.errors)")
            #expect(answer.output == "\(desk.folder)/film.mp4\n")
            #expect(answer.errors.contains("kinospool serve"))
            let facts = try FileManager.default.attributesOfItem(atPath: "\(desk.folder)/film.mp4")
            #expect(facts[.type] as? FileAttributeType == .typeRegular)
            // Other jobs that it had begun wait for the next worker.
            #expect(desk.exists("spool/queued/slow.json"))
        }
    }

    @Test func render_twoTakes_printsTheFilmsByName() async throws {
        try await Desk.use { desk in
            let answer = try await desk.run(
                "render", "Paper boats!", "-n", "2", "--duration", "1", "--resolution", "320x180", "--quiet")
            #expect(answer.status == 0)
            #expect(answer.errors.isEmpty)
            #expect(answer.lines.count == 2)
            for line in answer.lines {
                #expect(line.hasPrefix("\(desk.folder)/spool/films/paper-boats-"))
                #expect(FileManager.default.fileExists(atPath: line))
            }
        }
    }

    @Test func render_ctrlC_putsTheJobBackIntoTheQueue() async throws {
        try await Desk.use { desk in
            let run = try desk.start(["render", "a long film", "--duration", "600", "--resolution", "1080p"])
            try await desk.until(run) { run.errorsSoFar.contains(" running ") }
            run.signal(SIGINT)
            let answer = try await run.answer()
            #expect(answer.status == 130)
            #expect(answer.output.isEmpty)
            let queued = try await desk.run("ls", "--state", "queued")
            #expect(queued.lines.count == 1)
        }
    }
}
