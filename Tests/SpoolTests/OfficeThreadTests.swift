import Glibc
import Testing

@testable import Spool

@Suite(.timeLimit(.minutes(3))) struct OfficeThreadTests {
    private actor Office {
        private let thread: OfficeThread
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
        private var count = 0

        init(on thread: OfficeThread) { self.thread = thread }

        /// The thread it runs on.
        func add() -> pthread_t {
            count += 1
            return pthread_self()
        }

        func pass(to other: Office) async -> [pthread_t] { [pthread_self(), await other.add(), pthread_self()] }

        var total: Int { count }
    }

    @Test func officesOnOneThread_passWorkWithoutLeavingIt() async throws {
        let thread = try OfficeThread()
        let (first, second) = (Office(on: thread), Office(on: thread))
        let ids = await first.pass(to: second)
        #expect(Set(ids).count == 1)
        #expect(ids.first != pthread_self())
    }

    @Test func manyTasks_areServedOneAfterTheOther() async throws {
        let office = Office(on: try OfficeThread())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<1000 { group.addTask { _ = await office.add() } }
        }
        #expect(await office.total == 1000)
    }

    @Test func listening_isCalledOnTheThread_untilItStops() async throws {
        let (thread, pipe, heard) = (try OfficeThread(), try WakePipe(), AsyncStream.makeStream(of: Void.self))
        let office = Office(on: thread)
        let mine = await office.add()
        thread.listen(to: pipe.readEnd) {
            if pthread_self() == mine { heard.continuation.yield() }
            pipe.drain()
        }
        for _ in 0..<100 {
            var iterator = heard.stream.makeAsyncIterator()
            pipe.wake()
            _ = await office.add()
            await iterator.next()
        }
        thread.stopListening()
        pipe.wake()
        #expect(await office.add() == mine)
    }

    @Test func aTaskThatPrefersTheThread_waitsWithoutLeavingIt() async throws {
        let thread = try OfficeThread()
        let (stream, ring) = AsyncStream.makeStream(of: Void.self)
        let task = Task(executorPreference: thread) { () -> Set<pthread_t> in
            var threads: Set<pthread_t> = [Self.current()]
            for await _ in stream { threads.insert(Self.current()) }
            return threads
        }
        for _ in 0..<100 { ring.yield() }
        ring.finish()
        let mine = await Office(on: thread).add()
        #expect(await task.value == [mine])
    }

    /// The thread that calls, also where a task may not ask for it.
    private static func current() -> pthread_t { pthread_self() }

    @Test func threads_endWithTheirOffices() async throws {
        for _ in 0..<2000 { _ = await Office(on: try OfficeThread()).add() }
        let folder = try #require(opendir("/proc/self/task"))
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        #expect(count < 1000)
    }
}
