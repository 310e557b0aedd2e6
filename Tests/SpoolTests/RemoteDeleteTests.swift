import Glibc
import JobCore
import Spool
import TestSupport
import Testing

/// A deleted job's run elsewhere goes on costing money: its name outlives the job, whoever dies at whichever change,
/// until the provider has confirmed that it is over.
@Suite("Deleting beside a run elsewhere")
struct RemoteDeleteTests {
    private static let id = SpoolWorld.id

    private static func remote(_ state: RemoteRecord.State, id: String? = "a-u1") -> RemoteRecord {
        RemoteRecord(
            attempt: 1, baseURL: "https://api.runpod.ai/v2/ep", id: id, state: state,
            submittedAt: Timestamp(milliseconds: 1_795_442_400_000), digest: "d")
    }

    /// How the job was when it was deleted, and how that was done.
    enum Way: String, CaseIterable, Sendable {
        case canceled, failed, released, submitting, byHand
    }

    /// A job with a run that goes on, and nobody busy with it.
    private static func prepare(_ way: Way, _ world: SpoolWorld) throws {
        try world.submit()
        let job = try world.claim()
        _ = try world.makeFilm(job)
        try world.spool.remember(remote(way == .submitting ? .submitting : .running, id: nil), of: job)
        if way != .submitting { try world.spool.remember(remote(.running), of: job) }
        switch way {
        case .canceled, .submitting: _ = try world.spool.cancel(id)
        case .failed: _ = world.spool.finish([JobEnding(job, .failed(SpoolWorld.failure))])
        case .released: try world.disk.rename("running/\(id).json", "queued/\(id).json", .noReplace)
        case .byHand: break
        }
        job.lock.release()
        if way == .byHand { try world.disk.remove(SpoolLayout.token(id, in: .running)) }
    }

    private static func delete(_ way: Way, _ world: SpoolWorld) throws {
        guard way == .byHand else { return _ = try world.spool.delete(id) }
        #expect(try world.spool.forget(id) == .forgotten || world.disk.isCrashed)
    }

    /// What a daemon does about it: one look, one confirmed cancel, one note.
    private static func end(_ world: SpoolWorld) throws {
        for var remote in try world.spool.unwantedRemotes(of: id) {
            remote.state = .canceled
            #expect(try world.spool.noteUnwanted(remote, of: id) || world.disk.isCrashed)
        }
    }

    /// - Parameter isOver: the provider may have confirmed the end.
    private static func findings(_ world: SpoolWorld, _ way: Way, isOver: Bool) throws -> [String] {
        // As at a start; what was removed by hand while no daemon ran is left alone.
        try world.recover()
        let isThere = try world.spool.state(of: id) != nil
        guard let run = try world.spool.run(of: id) else {
            return isThere || !isOver ? ["the run is forgotten"] : try leftovers(world)
        }
        let isDeleted = try world.spool.deletedIDs() == [id]
        if isThere, isDeleted { return ["deleted, and there"] }
        if !run.mayBill { return isOver ? [] : ["the run is over before anybody ended it"] }
        guard run.remotes.first?.id == (way == .submitting ? nil : "a-u1") else { return ["the run has lost its name"] }
        guard isDeleted else { return isThere || way == .byHand ? [] : ["the delete is forgotten"] }
        guard try world.spool.unwantedRemotes(of: id).count == 1 else { return ["nobody ends the run"] }
        let names = try world.disk.list(SpoolLayout.record(id)).map(\.name).sorted()
        guard names == ["beat", "run.json"] else { return ["of the deleted job \(names) is left"] }
        try end(world)
        return try leftovers(world)
    }

    private static func leftovers(_ world: SpoolWorld) throws -> [String] {
        guard try world.disk.status(SpoolLayout.record(id)) == nil, try world.disk.list(SpoolLayout.trash).isEmpty
        else { return ["something is left: \(world.disk.state.listing.keys.sorted())"] }
        // The id is free again.
        try world.submit("a new life")
        return try world.claim().run.remotes.isEmpty ? [] : ["the new life has inherited the old run"]
    }

    @Test(arguments: Way.allCases, [Durability.full, .fast])
    func diedAnywhere_theRunIsStillEnded(way: Way, durability: Durability) throws {
        let before = try SpoolWorld(durability: durability)
        try Self.prepare(way, before)
        before.disk.syncAll()
        let start = before.disk.state
        var (violations, point, isFinished): ([String], Int, Bool) = ([], 0, false)
        while !isFinished, violations.isEmpty {
            for cut: UInt64? in [nil] + (0..<2).map({ $0 &+ UInt64(point) &* 100 }) {
                let world = try SpoolWorld(state: start, durability: durability)
                world.disk.crash(after: point)
                try? Self.delete(way, world)
                let isOver = !world.disk.isCrashed
                try? Self.end(world)
                isFinished = !world.disk.isCrashed
                world.disk.reboot(powerCut: cut != nil, seed: cut ?? 0)
                let wreck = world.disk.state
                // The next start, too, dies anywhere.
                for again in [nil] + stride(from: point % 4, to: 12, by: 4).map(Optional.init) {
                    var next = try SpoolWorld(state: wreck, durability: durability, seed: 3)
                    if let again {
                        next.disk.crash(after: again)
                        try? next.recover()
                        next.disk.reboot(powerCut: cut != nil, seed: UInt64(again))
                        next = try next.restarted(seed: 4)
                    }
                    violations += try Self.findings(next, way, isOver: isOver).map {
                        "change \(point), \(cut.map { "power cut \($0)" } ?? "kill"), again \(again ?? -1): \($0)"
                    }
                }
            }
            point += 1
        }
        #expect(violations == [])
        #expect(point > 6)
    }

    /// A copy that was made meanwhile knows the run as well, in whichever moment the job was deleted.
    @Test(arguments: [Way.canceled, .failed])
    func copied_meanwhile_theCopyKnowsTheRun(way: Way) throws {
        for readsAhead in [false, true] {
            var (moment, looks) = (0, 1)
            while moment < looks {
                let world = try SpoolWorld()
                try Self.prepare(way, world)
                var copy: FakeDiskState
                (copy, looks) = try SlowCopy(world: world, readsAhead: readsAhead, moment: moment) {
                    try Self.delete(way, world)
                }.made()
                let restored = try SpoolWorld(state: copy, seed: 5)
                for (id, places) in try restored.spool.idsWithoutOneToken() {
                    _ = try restored.spool.repair(id, policy: restored.policy, isRestoring: true, known: places) { _ in
                    }
                }
                let found = try Self.findings(restored, way, isOver: false)
                #expect(found == [], "moment \(moment), reads ahead \(readsAhead)")
                moment += 1
            }
            #expect(looks > 20)
        }
    }

    @Test func anID_isTakenUntilTheRunIsOver() throws {
        let world = try SpoolWorld()
        try Self.prepare(.canceled, world)
        #expect(try world.spool.delete(Self.id) == .deleted(artifacts: 0))
        #expect(try world.spool.state(of: Self.id) == nil)
        #expect(throws: Failure.self) { try world.submit("a new life") }
        // A file dropped under that name gets another one.
        try world.disk.create("queued/\(Self.id).json", SpoolWorld.document().bytes)
        try world.recover()
        #expect(try world.ids().count == 1 && world.spool.state(of: Self.id) == nil)
        #expect(try world.spool.unwantedRemotes(of: Self.id).map(\.id) == ["a-u1"])
    }

    /// The owner that was told to stop still learns the run's name, after the job was deleted.
    @Test func ownerThatLetsGo_leavesTheNameItLearned() throws {
        let world = try SpoolWorld()
        try world.submit()
        let job = try world.claim()
        try world.spool.remember(Self.remote(.submitting, id: nil), of: job)
        try world.disk.remove(SpoolLayout.token(Self.id, in: .running))
        #expect(try world.spool.forget(Self.id) == .held)
        let seen = try #require(try world.spool.unwantedRemotes(of: Self.id).first)
        try world.spool.remember(Self.remote(.running), of: job)
        #expect(try world.spool.requeue(job, after: .zero, .nothing) == false)
        // Who looked before it knew the name may not say that there was no run.
        var unknown = seen
        unknown.state = .unknown
        #expect(try !world.spool.noteUnwanted(unknown, of: Self.id))
        #expect(try world.spool.unwantedRemotes(of: Self.id).map(\.id) == ["a-u1"])
        try Self.end(world)
        #expect(try Self.leftovers(world) == [])
    }
}
