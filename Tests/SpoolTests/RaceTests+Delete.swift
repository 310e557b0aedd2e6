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

    @Test func delete_betweenAnyTwoCallsOfARefusal_leavesNothing() throws {
        try between(
            queued, { world, _ in _ = try? world.spool.refuse(SpoolWorld.id, SpoolWorld.failure) },
            intervening: { world, _ in _ = try? world.spool.delete(SpoolWorld.id) }, check: expectNothing)
    }

    @Test func delete_betweenAnyTwoCallsOfALookAtTheLock_leavesNothing() throws {
        try between(
            canceled,
            { world, _ in
                for _ in 0..<3 { _ = try? world.spool.isOwned(SpoolWorld.id) }
            },
            intervening: { world, _ in _ = try? world.spool.delete(SpoolWorld.id) }, check: expectNothing)
    }
}
