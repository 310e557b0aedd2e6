import JobCore
import Testing

@Suite struct ReadyQueueTests {
    private static let noon = Timestamp(milliseconds: 1_795_442_400_000)

    private func entry(
        _ name: String, _ lane: Lane = .preview, priority: Int = 0, created: Int64 = 0, notBefore: Int64? = nil
    ) throws -> ReadyQueue.Entry {
        ReadyQueue.Entry(
            id: try #require(JobID(name)), lane: lane, priority: priority,
            createdAt: Self.noon.advanced(byMilliseconds: created),
            notBefore: notBefore.map { Self.noon.advanced(byMilliseconds: $0) })
    }

    /// Takes all that may start at a moment.
    private func drain(_ queue: inout ReadyQueue, _ lane: Lane = .preview, at offset: Int64 = 0) -> [String] {
        var names: [String] = []
        while let entry = queue.next(in: lane, now: Self.noon.advanced(byMilliseconds: offset)) {
            names.append(entry.id.text)
        }
        return names
    }

    @Test func next_goesByPriorityThenAgeThenId() throws {
        var queue = ReadyQueue()
        for item in [
            try entry("young", created: 5), try entry("b", created: 3), try entry("a", created: 3),
            try entry("urgent", priority: 10, created: 9), try entry("last", priority: -1, created: -100),
        ] { queue.offer(item, now: Self.noon) }
        #expect(drain(&queue) == ["urgent", "a", "b", "young", "last"])
        #expect(queue.isEmpty)
    }

    @Test func next_keepsLanesApart() throws {
        var queue = ReadyQueue()
        queue.offer(try entry("film", .preview), now: Self.noon)
        queue.offer(try entry("paid", .runpod), now: Self.noon)
        #expect(drain(&queue, .noop).isEmpty)
        #expect(drain(&queue, .runpod) == ["paid"])
        #expect(drain(&queue, .preview) == ["film"])
    }

    @Test func offer_again_countsOnceAndTakesTheNewOrder() throws {
        var queue = ReadyQueue()
        queue.offer(try entry("a"), now: Self.noon)
        queue.offer(try entry("b", created: 1), now: Self.noon)
        queue.offer(try entry("b", priority: 5, created: 1), now: Self.noon)
        queue.offer(try entry("a"), now: Self.noon)
        #expect(queue.count == 2)
        #expect(drain(&queue) == ["b", "a"])
    }

    @Test func offer_inAnotherLane_leavesTheOld() throws {
        var queue = ReadyQueue()
        queue.offer(try entry("a", .preview), now: Self.noon)
        queue.offer(try entry("a", .runpod), now: Self.noon)
        #expect(drain(&queue, .preview).isEmpty)
        #expect(drain(&queue, .runpod) == ["a"])
    }

    @Test func withdraw_isNotGivenOut_andMayComeBack() throws {
        var queue = ReadyQueue()
        let a = try entry("a")
        queue.offer(a, now: Self.noon)
        queue.withdraw(a.id)
        #expect(!queue.contains(a.id))
        #expect(drain(&queue).isEmpty)
        queue.offer(a, now: Self.noon)
        queue.withdraw(a.id)
        queue.offer(a, now: Self.noon)
        #expect(drain(&queue) == ["a"])
    }

    @Test func delayed_waitsForItsMoment() throws {
        var queue = ReadyQueue()
        queue.offer(try entry("soon", priority: 9, notBefore: 100), now: Self.noon)
        queue.offer(try entry("later", notBefore: 200), now: Self.noon)
        queue.offer(try entry("now"), now: Self.noon)
        #expect(queue.nextMoment() == Self.noon.advanced(byMilliseconds: 100))
        #expect(drain(&queue, at: 99) == ["now"])
        #expect(drain(&queue, at: 100) == ["soon"])
        #expect(queue.nextMoment() == Self.noon.advanced(byMilliseconds: 200))
        #expect(drain(&queue, at: 1000) == ["later"])
        #expect(queue.nextMoment() == nil)
    }

    @Test func delayed_thenTouchedBack_startsAtOnceAndOnce() throws {
        var queue = ReadyQueue()
        queue.offer(try entry("a", notBefore: 5000), now: Self.noon)
        queue.offer(try entry("a"), now: Self.noon)
        #expect(queue.nextMoment() == nil)
        #expect(drain(&queue) == ["a"])
        #expect(drain(&queue, at: 6000).isEmpty)
    }

    @Test func ready_thenTouchedIntoTheFuture_waits() throws {
        var queue = ReadyQueue()
        queue.offer(try entry("a"), now: Self.noon)
        queue.offer(try entry("a", notBefore: 5000), now: Self.noon)
        #expect(drain(&queue, at: 4999).isEmpty)
        #expect(drain(&queue, at: 5000) == ["a"])
    }

    @Test func delayedUntil_changesNothingElse() throws {
        let a = try entry("a", .runpod, priority: 3, created: 4)
        let moment = Self.noon.advanced(byMilliseconds: 7)
        let expected = try entry("a", .runpod, priority: 3, created: 4, notBefore: 7)
        #expect(a.delayed(until: moment) == expected)
    }

    @Test func aHundredThousandEntries_comeOutInOrderAndComplete() throws {
        var random = SeededRandom(7)
        var queue = ReadyQueue()
        let entries = try (0..<100_000).map { index in
            try entry(
                "job\(index)", priority: Int.random(in: -100...100, using: &random),
                created: Int64.random(in: 0..<1000, using: &random))
        }
        for item in entries { queue.offer(item, now: Self.noon) }
        for index in stride(from: 0, to: 100_000, by: 10) { queue.withdraw(entries[index].id) }
        #expect(queue.count == 90_000)
        var taken: [ReadyQueue.Entry] = []
        while let entry = queue.next(in: .preview, now: Self.noon) { taken.append(entry) }
        #expect(taken.count == 90_000)
        #expect(Set(taken.map(\.id)).count == 90_000)
        func order(_ entry: ReadyQueue.Entry) -> (Int, Int64, String) {
            (-entry.priority, entry.createdAt.milliseconds, entry.id.text)
        }
        let isOrdered = zip(taken, taken.dropFirst()).allSatisfy { order($0) < order($1) }
        #expect(isOrdered)
    }

    /// Against the plainest of models: a dictionary that is searched through.
    @Test func anyOrderOfCalls_agreesWithAModel() throws {
        var failures: [String] = []
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededRandom(seed)
            var (queue, model): (ReadyQueue, [JobID: ReadyQueue.Entry]) = (ReadyQueue(), [:])
            for step in 0..<300 {
                let now = Self.noon.advanced(byMilliseconds: Int64(step))
                let lane: Lane = Bool.random(using: &random) ? .preview : .runpod
                let item = try entry(
                    "job\(Int.random(in: 0..<40, using: &random))", lane,
                    priority: Int.random(in: -2...2, using: &random),
                    created: Int64.random(in: 0..<5, using: &random),
                    notBefore: Int.random(in: 0..<3, using: &random) == 0
                        ? Int64.random(in: 0..<400, using: &random) : nil)
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    queue.offer(item, now: now)
                    model[item.id] = item
                case 2:
                    queue.withdraw(item.id)
                    model[item.id] = nil
                default:
                    let expected = Self.next(of: model, in: lane, now: now)
                    if queue.next(in: lane, now: now) != expected { failures.append("seed \(seed), step \(step)") }
                    if let expected { model[expected.id] = nil }
                }
                if queue.count != model.count { failures.append("seed \(seed), step \(step): count") }
            }
        }
        #expect(failures == [])
    }

    private static func next(of model: [JobID: ReadyQueue.Entry], in lane: Lane, now: Timestamp) -> ReadyQueue.Entry? {
        model.values.filter { $0.lane == lane && ($0.notBefore ?? now) <= now }.min {
            ($1.priority, $0.createdAt.milliseconds, $0.id.text) < ($0.priority, $1.createdAt.milliseconds, $1.id.text)
        }
    }
}
