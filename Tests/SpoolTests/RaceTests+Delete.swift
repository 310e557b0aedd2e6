import JobCore
import Spool
import TestSupport
import Testing

/// A delete that finds the lock held for a moment: whoever holds it finishes the delete, without another start.
extension RaceTests {
    private func canceled(_ world: SpoolWorld) throws {
        let job = try running(world)
        #expect(try world.spool.cancel(SpoolWorld.id) == .canceled)
        job.lock.release()
    }

    private func queued(_ world: SpoolWorld) throws { try world.submit() }

    private func expectNothing(_ world: SpoolWorld, _ place: String) throws {
        #expect(try world.disk.list(SpoolLayout.trash).isEmpty, "\(place)")
        #expect(try world.disk.status(SpoolLayout.record(SpoolWorld.id)) == nil, "\(place)")
    }

    @Test func delete_betweenAnyTwoCallsOfRepair_leavesNothing() throws {
        try between(
            canceled, { world, _ in _ = try? world.spool.repair(SpoolWorld.id, policy: world.policy) { _ in } },
            intervening: { world, _ in _ = try? world.spool.delete(SpoolWorld.id) }, check: expectNothing)
    }

    @Test func delete_betweenAnyTwoCallsOfClaim_leavesNothingOrARunningJob() throws {
        try between(
            queued, { world, _ in _ = try? world.spool.claim(SpoolWorld.id, owner: SpoolWorld.owner) },
            intervening: { world, _ in _ = try? world.spool.delete(SpoolWorld.id) },
            check: { world, place in
                if try world.spool.state(of: SpoolWorld.id) == nil { try expectNothing(world, place) }
            })
    }

    @Test func delete_betweenAnyTwoCallsOfANoteOnARunElsewhere_leavesNothing() throws {
        let submitted = RemoteRecord(
            attempt: 1, baseURL: "https://a.b/v2/c", submittedAt: Timestamp(milliseconds: 0), digest: "d")
        var over = submitted
        over.state = .canceled
        try between(
            { world in
                let job = try running(world)
                try world.spool.remember(submitted, of: job)
                #expect(try world.spool.cancel(SpoolWorld.id) == .canceled)
                job.lock.release()
            }, { [over] world, _ in _ = try world.spool.noteUnwanted(over, of: SpoolWorld.id) },
            intervening: { world, _ in _ = try? world.spool.delete(SpoolWorld.id) }, check: expectNothing)
    }

    @Test func delete_betweenAnyTwoCallsOfARefusal_leavesNothing() throws {
        try between(
            queued, { world, _ in _ = try? world.spool.refuse(SpoolWorld.id, SpoolWorld.failure) },
            intervening: { world, _ in _ = try? world.spool.delete(SpoolWorld.id) }, check: expectNothing)
    }
}
