import JobCore
import Spool
import TestSupport
import Testing

/// Deleting a job that somebody is still busy with, and what must not bring it back.
@Suite("Deleting")
struct DeleteTests {
    private let world: SpoolWorld
    private let id = SpoolWorld.id

    init() throws { world = try SpoolWorld() }

    private var spool: SpoolFolder { world.spool }

    private func expectGone() throws {
        #expect(try spool.allIDs() == [])
        #expect(try world.disk.list(SpoolLayout.trash) == [])
        try world.submit("a new life")
        #expect(try spool.view(id)?.prompt == "a new life")
    }

    /// A canceled job whose worker has not let go yet.
    private func canceled() throws -> ClaimedJob {
        try world.submit()
        let job = try world.claim()
        _ = try world.makeFilm(job)
        #expect(try spool.cancel(id) == .canceled)
        return job
    }

    @Test func delete_whileTheWorkerLetsGo_keepsTheIDFromANewJob() throws {
        let job = try canceled()
        #expect(try spool.delete(id) == .deleted(artifacts: 0))
        #expect(try spool.state(of: id) == nil)
        // With the id a new job would get the old worker's late result.
        #expect(throws: Failure.self) { try world.submit("a new life") }
        #expect(spool.finish([JobEnding(job, .done([]))]) == [.lost])
        try expectGone()
    }

    @Test func delete_whileTheWorkerLetsGo_isFinishedByItsDiscard() throws {
        let job = try canceled()
        #expect(try spool.delete(id) == .deleted(artifacts: 0))
        try spool.finishDeletes()
        #expect(try spool.allIDs() == [id], "the worker still holds it")
        try spool.discard(job)
        job.lock.release()
        try expectGone()
    }

    @Test func delete_betweenTheWorkersDiscardAndItsRelease_isFinishedByTheWorker() throws {
        let job = try canceled()
        try spool.discard(job)
        #expect(try spool.delete(id) == .deleted(artifacts: 0))
        job.lock.release()
        #expect(try spool.allIDs() == [id], "nobody has looked since")
        try spool.finishDelete(ofReleased: id)
        try expectGone()
    }

    @Test func delete_whoseWorkerDied_isFinishedAtTheNextStart() throws {
        let job = try canceled()
        #expect(try spool.delete(id) == .deleted(artifacts: 0))
        job.lock.release()
        try spool.finishDeletes()
        try expectGone()
    }

    @Test func forget_ofARunningJob_isFinishedByItsWorker() throws {
        try world.submit()
        let job = try world.claim()
        try world.disk.remove(SpoolLayout.token(id, in: .running))
        #expect(try spool.forget(id) == .held)
        #expect(try spool.allIDs() == [id])
        #expect(try spool.requeue(job, after: .zero, .nothing) == false)
        try expectGone()
    }

    @Test func forget_ofAnEndedJob_removesItsLinks() throws {
        try world.submit()
        #expect(try world.finish(try world.claim()) == .recorded)
        try world.disk.remove(SpoolLayout.token(id, in: .done))
        #expect(try spool.forget(id) == .forgotten)
        #expect(try world.disk.list(SpoolLayout.films) == [])
        #expect(try spool.forget(id) == .missing)
        try expectGone()
    }

    @Test(arguments: [JobState.queued, .running, .done, .canceled])
    func repair_ofAJobWhoseTokenWasRemoved_doesNotBringItBack(state: JobState) throws {
        try world.submit()
        switch state {
        case .running: try world.claim().lock.release()
        case .done: #expect(try world.finish(try world.claim()) == .recorded)
        case .canceled: #expect(try spool.cancel(id) == .canceled)
        case .queued, .failed: break
        }
        try world.disk.remove(SpoolLayout.token(id, in: state))
        #expect(try spool.repair(id, policy: world.policy) { _ in } == [])
        #expect(try spool.state(of: id) == nil)
        // A restored copy lacks tokens for another reason.
        #expect(try !spool.repair(id, policy: world.policy, isRestoring: true) { _ in }.isEmpty)
        #expect(try spool.state(of: id) != nil)
    }

    @Test func repair_ofADeletedJob_leavesNothingBehind() throws {
        try world.submit()
        #expect(try spool.delete(id) == .deleted(artifacts: 0))
        #expect(try spool.repair(id, policy: world.policy) { _ in } == [])
        try expectGone()
    }

    @Test func repair_ofARestoredCopy_respectsADeleteThatWasUnderWay() throws {
        try world.submit()
        try world.disk.rename(SpoolLayout.token(id, in: .queued), SpoolLayout.trashedToken(id), .noReplace)
        #expect(try spool.repair(id, policy: world.policy, isRestoring: true) { _ in } == [])
        try spool.finishDeletes()
        try expectGone()
    }
}
