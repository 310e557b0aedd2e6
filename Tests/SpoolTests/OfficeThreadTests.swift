import Glibc
import Testing

@testable import Spool

@Suite(.timeLimit(.minutes(1))) struct OfficeThreadTests {
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

    @Test func threads_endWithTheirOffices() async throws {
        for _ in 0..<2000 { _ = await Office(on: try OfficeThread()).add() }
        let folder = try #require(opendir("/proc/self/task"))
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        #expect(count < 1000)
    }
}
