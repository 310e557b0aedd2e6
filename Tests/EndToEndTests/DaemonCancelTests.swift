import Foundation
import JobCore
import Testing

extension DaemonStories {
    /// Immediate, idempotent, final.
    @Suite struct DaemonCancelTests {
        private static let long =
            #"{"type":"RENDER","params":{"prompt":"a long film","duration":600,"resolution":"1080p","seed":7}}"#

        @Test func cancel_aRunningPreview_answersAtOnceAndLeavesNothing() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                try desk.write("spool/queued/long.json", Self.long)
                try await desk.until { !desk.helpers.isEmpty }
                let clock = ContinuousClock()
                let start = clock.now
                let first = try await desk.run("cancel", "long")
                let answered = clock.now - start
                #expect(first.output == "long canceled\n")
                try await desk.until { desk.helpers.isEmpty }
                let gone = clock.now - start
                DaemonStories.note("cancel answered after", answered)
                DaemonStories.note("ffmpeg gone after (looked at once a second)", gone)
                #expect(answered < .seconds(5) * sanitizedFactor)
                #expect(gone < .seconds(10) * sanitizedFactor)
                let second = try await desk.run("cancel", "long")
                #expect((second.output, second.status) == (first.output, 0))
                try await leavesNothing(desk, daemon)
            }
        }

        @Test func mv_aRunningPreviewToCanceled_doesTheSame() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                try desk.write("spool/queued/long.json", Self.long)
                try await desk.until { !desk.helpers.isEmpty }
                try await desk.shell("mv spool/running/long.json spool/canceled/")
                try await desk.until { desk.helpers.isEmpty }
                #expect(try await desk.run("cancel", "long").output == "long canceled\n")
                try await leavesNothing(desk, daemon)
            }
        }

        private func leavesNothing(_ desk: Desk, _ daemon: Program.Run) async throws {
            try await desk.until(daemon) { daemon.errorsSoFar.contains("job left running") }
            try await desk.stop(daemon)
            #expect(desk.state("long") == .canceled)
            let job = try desk.job("long")
            #expect(job.outcome == .canceled)
            #expect(job.error?.code == .userCanceled)
            #expect(job.artifacts.isEmpty)
            #expect(try desk.scratch("long").isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/films").isEmpty)
        }
    }
}
