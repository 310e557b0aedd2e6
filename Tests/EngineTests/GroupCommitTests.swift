import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Engine

@Suite(.timeLimit(.minutes(3))) struct GroupCommitTests {
    @Test func commit_alone_isWrittenAtOnceAndAlone() async {
        let batches = Batches()
        let commit = GroupCommit<Int, Int> { batches.write($0) }
        #expect(await commit.commit(4) == 8)
        #expect(batches.all == [[4]])
    }

    @Test func commit_many_eachGetsItsOwnAnswerAndNoneIsWrittenTwice() async {
        let batches = Batches()
        let commit = GroupCommit<Int, Int> { batches.write($0) }
        let answers = await withTaskGroup(of: (Int, Int?).self) { group in
            for number in 0..<2000 { group.addTask { (number, await commit.commit(number)) } }
            var answers: [Int: Int] = [:]
            for await (number, answer) in group { answers[number] = answer }
            return answers
        }
        #expect(answers == Dictionary(uniqueKeysWithValues: (0..<2000).map { ($0, $0 * 2) }))
        #expect(batches.all.joined().sorted() == Array(0..<2000))
        let longest = batches.all.map(\.count).max() ?? 0
        #expect(longest <= GroupCommit<Int, Int>.batchLimit)
    }

    @Test func commit_duringAWrite_goesIntoTheNextBatchInOrder_andTheLeadIsHandedOver() async throws {
        let (batches, isWriting, mayGoOn) = (Batches(), ScriptedBackend.Signal(), Turnstile())
        // The first write lasts until everybody else waits.
        let commit = GroupCommit<Int, Int> { items in
            isWriting.fire()
            if items == [0] { mayGoOn.wait() }
            return batches.write(items)
        }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask { await commit.commit(0) }
            try await isWriting.wait()
            for number in 1...100 {
                group.addTask { await commit.commit(number) }
                while await commit.waitingCount < number { await Task.yield() }
            }
            mayGoOn.open()
            var answers: [Int] = []
            for try await answer in group { answers.append(try #require(answer)) }
            #expect(answers.sorted() == (0...100).map { $0 * 2 })
        }
        #expect(batches.all == [[0], Array(1...64), Array(65...100)])
    }

    @Test func commit_ofTwoAtATime_writesTheSecondBesideTheFirst() async throws {
        let (batches, isFirst, mayGoOn) = (Batches(), ScriptedBackend.Signal(), Turnstile())
        // The first write lasts until the second one is over, so a limit of one would wait for ever.
        let commit = GroupCommit<Int, Int>(limit: 2) { items in
            if items == [0] {
                isFirst.fire()
                mayGoOn.wait()
            }
            return batches.write(items)
        }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask { await commit.commit(0) }
            try await isFirst.wait()
            #expect(await commit.commit(1) == 2)
            #expect(await commit.commit(2) == 4)
            mayGoOn.open()
            #expect(try await group.next() == 0)
        }
        #expect(batches.all == [[1], [2], [0]])
    }

    @Test func commit_whoseWriterAnswersNothing_givesNil() async {
        let commit = GroupCommit<Int, Int> { _ in [] }
        #expect(await commit.commit(1) == nil)
        #expect(await commit.commit(2) == nil)
    }
}

/// What was written together.
private final class Batches: Sendable {
    private let stored = Mutex<[[Int]]>([])

    var all: [[Int]] { stored.withLock { $0 } }

    func write(_ items: [Int]) -> [Int] {
        stored.withLock { $0.append(items) }
        return items.map { $0 * 2 }
    }
}

/// Holds a thread until it is opened: the end of a pipe is read when its other end is closed.
private final class Turnstile: Sendable {
    private let pipe = Pipe()

    func wait() { _ = try? pipe.fileHandleForReading.readToEnd() }
    func open() { try? pipe.fileHandleForWriting.close() }
}
