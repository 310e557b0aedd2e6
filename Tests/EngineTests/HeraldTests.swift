import JobCore
import Logging
import Spool
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Those who listen, and leave while they are told something.
@Suite(.timeLimit(.minutes(2))) struct HeraldTests {
    private final class End: Sendable {
        let hasCome = Mutex(false)
    }

    private func herald() throws -> Herald {
        let clock = ManualClock()
        let folder = SpoolFolder(
            files: FakeDisk(clock: clock), root: "/spool", now: { clock.now }, random: SeededRandom.source(1))
        _ = try folder.prepare()
        return Herald(
            folder: folder, policy: try Policy(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func listeners_cancelledWhileTheyAreTold_holdNobodyUp() async throws {
        let herald = try herald()
        let end = End()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { while !end.hasCome.withLock({ $0 }) { herald.forgetEverything() } }
            group.addTask {
                for _ in 0..<3000 {
                    await withTaskGroup(of: Void.self) { listening in
                        let (heard, isHeard) = AsyncStream.makeStream(of: Void.self)
                        listening.addTask {
                            for await _ in herald.listen().events { isHeard.finish() }
                            isHeard.finish()
                        }
                        // In the middle of what it hears.
                        for await _ in heard {}
                        listening.cancelAll()
                    }
                }
                end.hasCome.withLock { $0 = true }
            }
        }
        #expect(herald.listenerCount == 0)
    }

    @Test func listenerCount_followsThoseWhoCameAndLeft() async throws {
        let herald = try herald()
        let first = herald.listen()
        do {
            let second = herald.listen()
            #expect(herald.listenerCount == 2)
            _ = second
        }
        #expect(herald.listenerCount == 1)
        herald.forgetEverything()
        var events = first.events.makeAsyncIterator()
        guard case .reset? = await events.next()?.kind else {
            Issue.record("nothing was told")
            return
        }
        herald.close()
        #expect(await events.next() == nil)
        #expect(herald.listenerCount == 0)
    }
}
