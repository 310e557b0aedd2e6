import Backends
import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

@Suite(.timeLimit(.minutes(3))) struct ShutdownTests {
    private static let render = #"{"type":"RENDER","params":{"prompt":"x"}}"#

    @Test func stop_returnsRunningJobsWithoutUsingUpAnAttempt() async throws {
        let backend = ScriptedBackend(.produce(ProducedFile(name: "a.bin", kind: .data), [1]), .progress(1), .hang)
        try await Stage.play(backend) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until { try stage.exists(SpoolLayout.scratch("boats", attempt: 1) + "/a.bin") }
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(try stage.spool.folder.state(of: "boats") == .queued)
            #expect(try stage.spool.folder.isOwned("boats") == false)
            let run = try #require(try stage.spool.folder.run(of: "boats"))
            #expect((run.failures, run.crashes) == (0, 0))
            #expect(try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)))
            #expect(try stage.spool.folder.hasDaemon() == false)
            #expect(try stage.spool.folder.view("boats")?.scheduledFor == nil)
        }
    }

    @Test func stop_startsNothingNew() async throws {
        let backend = ScriptedBackend(.progress(1), .hang)
        try await Stage.play(backend) { stage in
            try stage.drop("one", Self.render)
            try await stage.until { backend.requests.count == 1 }
            try stage.drop("two", Self.render)
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(backend.requests.count == 1)
            #expect(try Set(stage.spool.folder.ids(in: .queued)) == ["one", "two"])
        }
    }

    @Test func secondDaemon_isRefusedAndNamesTheHolder() async throws {
        try await Stage.play { stage in
            let settings = try Settings.resolve(flags: [.spool: stage.spool.root], environment: [:], envFile: [:])
            await #expect(throws: DaemonIsRunning.self) {
                try await House(
                    settings: settings, options: Daemon.Options(role: .daemon), logger: stage.journal.logger)
            }
            #expect(try stage.spool.folder.daemonHolder()?.hasPrefix("process ") == true)
        }
    }
}
