import JobCore
import Spool
import TestSupport
import Testing

/// What was paid for is never forgotten: killed and cut off at every change, in both modes.
@Suite("Crashes beside a run elsewhere")
struct RemoteCrashTests {
    private static let id = SpoolWorld.id

    private static func remote(_ state: RemoteRecord.State, id: String? = nil, attempt: Int = 1) -> RemoteRecord {
        RemoteRecord(
            attempt: attempt, baseURL: "https://api.runpod.ai/v2/ep", id: id, state: state,
            submittedAt: Timestamp(milliseconds: 1_795_442_400_000), digest: "d")
    }

    /// How far the owner came before it died.
    private struct Trail {
        var mayHavePaid = false
        var knowsID = false
    }

    /// An owner's life, up to the result at home.
    private static func live(_ world: SpoolWorld, _ trail: inout Trail) throws {
        let job = try owner(world)
        if !(job.run.remote?.isAttachable ?? false) {
            try world.spool.remember(remote(.submitting), of: job)
            if world.disk.isCrashed { return }
            trail.mayHavePaid = true
        }
        try world.spool.remember(remote(.running, id: "a-u1"), of: job)
        if world.disk.isCrashed { return }
        trail.knowsID = true
        let film = "\(SpoolLayout.scratch(id, attempt: job.attempt))/video.mp4"
        if try world.disk.status(film) == nil { try world.disk.create(film, SpoolWorld.movie) }
        var collected = remote(.collected, id: "a-u1")
        collected.files = [.init(name: "video.mp4", kind: .video, bytes: Int64(SpoolWorld.movie.count))]
        try world.spool.remember(collected, of: job)
    }

    /// The next owner, as a daemon makes it: of a running job by attaching, of a waiting one by claiming.
    private static func owner(_ world: SpoolWorld) throws -> ClaimedJob {
        if try world.spool.state(of: id) == .running {
            guard let job = try world.spool.attach(id, owner: SpoolWorld.owner) else { throw SpoolWorld.NotClaimed() }
            return job
        }
        return try world.claim()
    }

    private static func findings(_ world: SpoolWorld, _ trail: Trail, mayBeGone: Bool) throws -> [String] {
        try world.recover()
        guard try world.spool.state(of: id) != nil else { return mayBeGone ? [] : ["the job is gone"] }
        let job = try owner(world)
        let found = job.run.remote
        if trail.mayHavePaid, !(found?.isAttachable ?? false) { return ["what may be paid for is forgotten"] }
        if trail.knowsID, found?.id != "a-u1" {
            return ["the id of a paid run is forgotten: \(found.debugDescription)"]
        }
        return []
    }

    @Test(arguments: [Durability.full, .fast])
    func owner_diesAnywhere_theNextOneKnowsWhatMayBePaidFor(durability: Durability) throws {
        let before = try SpoolWorld(durability: durability)
        try before.submit()
        before.disk.syncAll()
        let start = before.disk.state
        var violations: [String] = []
        var point = 0
        var isOver = false
        while !isOver, violations.isEmpty {
            for cut: UInt64? in [nil] + (0..<8).map({ $0 &+ UInt64(point) &* 100 }) {
                let world = try SpoolWorld(state: start, durability: durability)
                world.disk.crash(after: point)
                var trail = Trail()
                try? Self.live(world, &trail)
                isOver = !world.disk.isCrashed
                world.disk.reboot(powerCut: cut != nil, seed: cut ?? 0)
                let next = try world.restarted()
                let mayBeGone = durability == .fast && cut != nil
                violations += try Self.findings(next, trail, mayBeGone: mayBeGone).map {
                    "at change \(point), \(cut.map { "power cut \($0)" } ?? "kill"): \($0)"
                }
            }
            point += 1
        }
        #expect(violations == [])
        #expect(point > 15)
    }

    /// The repair and the taking up again die, too, at every change.
    @Test func nextOwner_diesAnywhere_nothingIsForgotten() throws {
        for stage in 0..<3 {
            let before = try SpoolWorld()
            try before.submit()
            let job = try before.claim()
            try before.spool.remember(Self.remote(.submitting), of: job)
            if stage > 0 { try before.spool.remember(Self.remote(.running, id: "a-u1"), of: job) }
            before.disk.reboot(powerCut: stage == 2, seed: 5)
            let start = before.disk.state
            var point = 0
            var isOver = false
            while !isOver {
                let world = try SpoolWorld(state: start)
                world.disk.crash(after: point)
                try? world.recover()
                var trail = Trail(mayHavePaid: true, knowsID: stage > 0)
                try? Self.live(world, &trail)
                isOver = !world.disk.isCrashed
                world.disk.reboot(powerCut: point % 2 == 0, seed: UInt64(point))
                let next = try world.restarted()
                let violations = try Self.findings(next, trail, mayBeGone: false)
                #expect(violations == [], "stage \(stage), change \(point): \(next.disk.state.listing.keys.sorted())")
                point += 1
            }
        }
    }

    @Test func attach_usesUpNothing() throws {
        let world = try SpoolWorld()
        try world.submit()
        let job = try world.claim()
        try world.spool.remember(Self.remote(.running, id: "a-u1"), of: job)
        job.lock.release()
        #expect(try world.spool.repair(Self.id, policy: world.policy) { _ in } == [.attach(attempt: 1)])
        let next = try #require(try world.spool.attach(Self.id, owner: SpoolWorld.owner))
        #expect(next.attempt == 1 && next.run.failures == 0 && next.run.crashesInARow == 0)
        #expect(try world.spool.attach(Self.id, owner: SpoolWorld.owner) == nil, "it has an owner")
        // The old owner, should it still live, may record nothing any more.
        #expect(throws: FileError.self) { try world.spool.remember(Self.remote(.ended), of: job) }
        #expect(try world.finish(next) == .recorded)
    }

    @Test func retry_goesOnWithTheRun_unlessItWasCanceledOrChanged() throws {
        for (name, isGoingOn) in [
            ("as it was", true), ("changed", false), ("canceled", false), ("canceled by hand", false),
        ] {
            let world = try SpoolWorld()
            try world.submit()
            let job = try world.claim()
            try world.spool.remember(Self.remote(.running, id: "a-u1"), of: job)
            switch name {
            case "canceled":
                _ = try world.spool.cancel(Self.id)
                #expect(try world.spool.unwantedRemotes(of: Self.id).map(\.id) == ["a-u1"])
                job.lock.release()
                try world.spool.retry(Self.id)
            case "canceled by hand":
                _ = try world.spool.cancel(Self.id)
                job.lock.release()
                try world.disk.rename("canceled/\(Self.id).json", "queued/\(Self.id).json", .noReplace)
            default:
                _ = world.spool.finish([JobEnding(job, .failed(SpoolWorld.failure))])
                try world.spool.retry(Self.id, changes: name == "changed" ? ["seed": 5] : [:])
            }
            let next = try world.claim()
            #expect(next.run.remote?.id == (isGoingOn ? "a-u1" : nil), "\(name)")
            #expect(next.document[.isAnew] == nil)
            #expect(try world.spool.unwantedRemotes(of: Self.id).count == (isGoingOn ? 0 : 1), "\(name)")
        }
    }

    @Test func release_byHand_isGoneOnWith() throws {
        let world = try SpoolWorld()
        try world.submit()
        let job = try world.claim()
        try world.spool.remember(Self.remote(.submitting), of: job)
        try world.disk.rename("running/\(Self.id).json", "queued/\(Self.id).json", .noReplace)
        try world.spool.discard(job)
        job.lock.release()
        #expect(try world.claim().run.remote == Self.remote(.submitting))
    }
}
