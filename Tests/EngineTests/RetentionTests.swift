import JobCore
import Logging
import Spool
import TestSupport
import Testing

@testable import Engine

/// Old jobs go by themselves, where that is wanted.
@Suite struct RetentionTests {
    private let clock = ManualClock()
    private let folder: SpoolFolder
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        let clock = clock
        folder = SpoolFolder(
            files: FakeDisk(clock: clock), root: "/spool", now: { clock.now }, random: SeededRandom.source(1))
        _ = try folder.prepare()
        for id: JobID in ["kept", "old"] {
            var document = JobDocument(["type": "NOOP"])
            if id == "kept" { document[.starred] = true }
            let submission = Submission(document: document, naming: .exactly(id), attachments: [])
            for result in folder.submit([submission]) { _ = try result.get() }
            #expect(try folder.cancel(id) == .canceled)
        }
    }

    private func round(days: Int?) async throws -> [JobID] {
        await Retention(folder: folder, days: days, logger: logger).round()
        return try folder.allIDs()
    }

    @Test func round_removesWhatIsOldEnough_andNothingElse() async throws {
        clock.advance(by: .seconds(29 * 86_400))
        #expect(try await round(days: 30) == ["kept", "old"])
        clock.advance(by: .seconds(2 * 86_400))
        #expect(try await round(days: nil) == ["kept", "old"])
        #expect(try await round(days: 30) == ["kept"])
    }

    @Test func round_inACopyThatWaitsForAPerson_removesNothing() async throws {
        clock.advance(by: .seconds(99 * 86_400))
        try folder.pausePaidLanes()
        #expect(try await round(days: 30) == ["kept", "old"])
        try folder.resume()
        #expect(try await round(days: 30) == ["kept"])
    }
}
