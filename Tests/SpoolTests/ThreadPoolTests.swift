import Glibc
import Testing

@testable import Spool

@Suite(.timeLimit(.minutes(3))) struct ThreadPoolTests {
    @Test func run_moreThanThereAreThreads_doesAllOfIt() async {
        let pool = ThreadPool(name: "test", limit: 3)
        let (ends, bell) = AsyncStream.makeStream(of: Int.self)
        for number in 0..<1000 { pool.run { bell.yield(number) } }
        var seen: Set<Int> = []
        for await number in ends {
            seen.insert(number)
            if seen.count == 1000 { break }
        }
        #expect(seen == Set(0..<1000))
    }

    @Test func run_whileOthersSleepInTheKernel_isNotHeldUpByThem() async throws {
        let pool = ThreadPool(name: "test", limit: 3)
        let (ends, bell) = AsyncStream.makeStream(of: String.self)
        let pipe = try WakePipe()
        for _ in 0..<2 {
            pool.run {
                pipe.wait(milliseconds: -1)
                pipe.wake()
                bell.yield("slept")
            }
        }
        pool.run { bell.yield("free") }
        var iterator = ends.makeAsyncIterator()
        #expect(await iterator.next() == "free")
        pipe.wake()
        #expect(await iterator.next() == "slept")
        #expect(await iterator.next() == "slept")
    }
}
