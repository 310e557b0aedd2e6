import JobCore
import Spool
import TestSupport
import Testing

/// Somebody else steps in between every two calls of an operation.
@Suite("Races")
struct RaceTests {
    /// Runs an operation once for each of its calls, with an intervention right before that call.
    ///
    /// - Parameters:
    ///   - given: brings the world to where the operation begins.
    ///   - body: the operation; it may fail.
    ///   - check: what must hold after, with the number of the call.
    func between<Given: Sendable>(
        _ given: (SpoolWorld) throws -> Given, _ body: (SpoolWorld, Given) throws -> Void,
        intervening: @escaping @Sendable (SpoolWorld, Given) -> Void, check: (SpoolWorld, String) throws -> Void
    ) throws {
        var isOver = false
        var call = 0
        while !isOver {
            let world = try SpoolWorld()
            let value = try given(world)
            let first = world.disk.calls
            world.disk.intervene(beforeCall: first + call) { intervening(world, value) }
            try body(world, value)
            isOver = world.disk.calls <= first + call
            // The last round steps in after the end.
            if isOver { intervening(world, value) }
            try check(world, "stepped in before call \(call)")
            call += 1
        }
        #expect(call > 5, "the operation was not looked into")
    }

    func running(_ world: SpoolWorld) throws -> ClaimedJob {
        try world.submit()
        let job = try world.claim()
        _ = try world.makeFilm(job)
        return job
    }

    private static func ending(_ job: ClaimedJob) -> JobEnding {
        let film = Artifact(name: "film.mp4", kind: .video, bytes: Int64(SpoolWorld.movie.count), sha256: "")
        return JobEnding(job, .done([film]))
    }

    /// One token, nothing half-made, and a folder that tells the truth.
    func expectWhole(_ world: SpoolWorld, _ place: String) throws {
        world.disk.reboot(powerCut: false)
        try world.recover()
        let violations = try JobInspection(world: world).violations()
        #expect(violations == [], "\(place)")
    }

    @Test func cancel_betweenAnyTwoCallsOfFinish_isEitherInTimeOrTold() throws {
        try between(
            running, { world, job in _ = world.spool.finish([Self.ending(job)]) },
            intervening: { world, _ in
                let result = try? world.spool.cancel(SpoolWorld.id)
                // What the caller was told is noted on the disk itself.
                try? world.disk.create("meta/answer", Array("\(result.map { "\($0)" } ?? "error")".utf8))
            },
            check: { world, place in
                let answer = String(decoding: try world.disk.read("meta/answer", limit: 99)?.bytes ?? [], as: UTF8.self)
                let view = try #require(try world.spool.view(SpoolWorld.id))
                if answer == "canceled" {
                    #expect(view.state == .canceled, "\(place)")
                    #expect(view.outputURLs.isEmpty && view.artifacts.isEmpty, "\(place)")
                    #expect(try world.disk.list(SpoolLayout.films).isEmpty, "\(place)")
                } else {
                    #expect(answer.hasPrefix("ended"), "\(place): \(answer)")
                    #expect(view.state == .done && view.outputURLs.count == 1, "\(place)")
                }
                try expectWhole(world, place)
            })
    }

    @Test func doneFile_betweenAnyTwoCallsOfFinish_tellsOfItsOutcome() throws {
        try between(
            running, { world, job in _ = world.spool.finish([Self.ending(job)]) },
            intervening: { world, _ in
                guard let document = try? world.spool.document(SpoolWorld.id, in: .done) else { return }
                // People and backups read the file itself: it says what its folder says, at any moment.
                let isTold = document.outcome == .done && document.artifacts.count == 1
                try? world.disk.create(isTold ? "meta/told" : "meta/silent", [])
            },
            check: { world, place in
                let silent = try world.disk.status("meta/silent")
                #expect(silent == nil, "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test func failSilent_betweenAnyTwoCallsOfFinish_neverMixesTwoOutcomes() throws {
        try between(
            running, { world, job in _ = world.spool.finish([Self.ending(job)]) },
            intervening: { world, _ in _ = try? world.spool.failSilent(SpoolWorld.id, attempt: 1, SpoolWorld.failure) },
            check: { world, place in
                let state = try #require(try world.spool.state(of: SpoolWorld.id))
                let document = try #require(try world.spool.document(SpoolWorld.id, in: state))
                #expect(document.outcome == state, "\(place)")
                if state == .failed { #expect(document.error == SpoolWorld.failure, "\(place)") }
                try expectWhole(world, place)
            })
    }

    @Test func view_betweenAnyTwoCallsOfFailSilent_showsAFailedJobWithItsReason() throws {
        try between(
            running,
            { world, _ in _ = try world.spool.failSilent(SpoolWorld.id, attempt: 1, SpoolWorld.failure) },
            intervening: { world, _ in
                guard let view = try? world.spool.view(SpoolWorld.id), view.state == .failed else { return }
                let text = view.error == SpoolWorld.failure ? "told" : "silent"
                try? world.disk.create("meta/\(text)", [])
            },
            check: { world, place in
                let silent = try world.disk.status("meta/silent")
                #expect(silent == nil, "\(place)")
            })
    }

    @Test func finish_betweenAnyTwoCallsOfFailSilent_neverMixesTwoOutcomes() throws {
        try between(
            running,
            { world, _ in _ = try world.spool.failSilent(SpoolWorld.id, attempt: 1, SpoolWorld.failure) },
            intervening: { world, job in _ = world.spool.finish([Self.ending(job)]) },
            check: { world, place in
                let state = try #require(try world.spool.state(of: SpoolWorld.id))
                let document = try #require(try world.spool.document(SpoolWorld.id, in: state))
                #expect(document.outcome == state, "\(place)")
                #expect(document.artifacts.isEmpty == (state == .failed), "\(place)")
            })
    }

    @Test(arguments: [JobState.canceled, .queued, .failed])
    func moveByHand_betweenAnyTwoCallsOfFinish_leavesOneWholeJob(target: JobState) throws {
        try between(
            running, { world, job in _ = world.spool.finish([Self.ending(job)]) },
            intervening: { world, _ in
                let (old, new) = (JobState.running, target)
                try? world.disk.rename(
                    SpoolLayout.token(SpoolWorld.id, in: old), SpoolLayout.token(SpoolWorld.id, in: new), .replace)
            },
            check: { world, place in
                try expectWhole(world, place)
                let state = try world.spool.state(of: SpoolWorld.id)
                #expect([target, .done].contains(state), "\(place)")
            })
    }

    @Test func removingTheToken_betweenAnyTwoCallsOfFinish_publishesNothing() throws {
        try between(
            running, { world, job in _ = world.spool.finish([Self.ending(job)]) },
            intervening: { world, _ in try? world.disk.remove(SpoolLayout.token(SpoolWorld.id, in: .running)) },
            check: { world, place in
                let state = try world.spool.state(of: SpoolWorld.id)
                #expect(state == nil || state == .done, "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test func cancel_betweenAnyTwoCallsOfClaim_wins() throws {
        try between(
            { try $0.submit() }, { world, _ in _ = try world.spool.claim(SpoolWorld.id, owner: SpoolWorld.owner) },
            intervening: { world, _ in _ = try? world.spool.cancel(SpoolWorld.id) },
            check: { world, place in
                let state = try world.spool.state(of: SpoolWorld.id)
                #expect(state == .canceled, "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test func cancel_betweenAnyTwoCallsOfRepair_wins() throws {
        try between(
            { try running($0).lock.release() },
            { world, _ in _ = try world.spool.repair(SpoolWorld.id, policy: world.policy) { _ in } },
            intervening: { world, _ in _ = try? world.spool.cancel(SpoolWorld.id) },
            check: { world, place in
                // A repair that takes a moved token for a torn one would bring the job back.
                #expect(world.disk.state.places(of: "\(SpoolWorld.id).json") == ["canceled"], "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test func claim_betweenAnyTwoCallsOfDelete_isNeverAnsweredWithMissing() throws {
        try between(
            { try $0.submit() },
            { world, _ in
                let answer = try world.spool.delete(SpoolWorld.id)
                #expect(answer != .missing)
            },
            intervening: { world, _ in _ = try? world.spool.claim(SpoolWorld.id, owner: SpoolWorld.owner) },
            check: { world, place in try expectWhole(world, place) })
    }

    @Test func cancel_betweenAnyTwoCallsOfRequeue_wins() throws {
        try between(
            running, { world, job in _ = try world.spool.requeue(job, after: .zero, .failure, SpoolWorld.failure) },
            intervening: { world, _ in _ = try? world.spool.cancel(SpoolWorld.id) },
            check: { world, place in
                let state = try world.spool.state(of: SpoolWorld.id)
                #expect(state == .canceled, "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test func cancel_betweenAnyTwoCallsOfCancel_givesBothTheSameAnswer() throws {
        try between(
            { _ = try running($0) },
            { world, _ in
                let answer = try world.spool.cancel(SpoolWorld.id)
                #expect(answer == .canceled)
            },
            intervening: { world, _ in _ = try? world.spool.cancel(SpoolWorld.id) },
            check: { world, place in try expectWhole(world, place) })
    }

    @Test func claim_betweenAnyTwoCallsOfClaim_onlyOneOwnerWins() throws {
        try between(
            { try $0.submit() },
            { world, _ in
                if case .claimed(let job) = try world.spool.claim(SpoolWorld.id, owner: SpoolWorld.owner) {
                    try world.disk.create("meta/first", [])
                    try withExtendedLifetime(job) {
                        let run = try #require(try world.spool.run(of: SpoolWorld.id))
                        #expect(run.nonce == job.run.nonce)
                    }
                }
            },
            intervening: { world, _ in
                guard case .claimed(let job)? = try? world.spool.claim(SpoolWorld.id, owner: SpoolWorld.owner) else {
                    return
                }
                try? world.disk.create("meta/second", [])
                job.lock.release()
            },
            check: { world, place in
                let winners = try ["meta/first", "meta/second"].filter { try world.disk.status($0) != nil }
                #expect(winners.count == 1, "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test func moveByHand_betweenAnyTwoCallsOfAdmit_leavesNoStrayRecords() throws {
        let name = "\(SpoolWorld.id).json"
        try between(
            { try $0.disk.create("queued/\(name)", SpoolWorld.document().bytes) },
            { world, _ in _ = try world.spool.admit(name, isClosed: true, policy: world.policy) },
            intervening: { world, _ in try? world.disk.rename("queued/\(name)", "canceled/\(name)", .noReplace) },
            check: { world, place in
                #expect(try world.spool.allIDs().count == 1, "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test(arguments: JobState.allCases)
    func drop_withTheNameOfAJob_isANewJobAndDisturbsNothing(state: JobState) throws {
        let world = try SpoolWorld()
        let id = SpoolWorld.id
        try world.submit()
        var owned: ClaimedJob?
        if state != .queued, state != .canceled { owned = try world.claim() }
        switch state {
        case .queued, .running: break
        case .done: _ = try world.finish(try #require(owned))
        case .failed: _ = world.spool.finish([JobEnding(try #require(owned), .failed(SpoolWorld.failure))])
        case .canceled: _ = try world.spool.cancel(id)
        }
        // A drop over a queued job is an edit of it; into any other state it is a second job.
        try world.disk.create("tmp/drop", SpoolWorld.document("another").bytes)
        try world.disk.rename("tmp/drop", "queued/\(id).json", .replace)
        let admission = try world.spool.admit("\(id).json", isClosed: true, policy: world.policy)
        guard case .ready(let job) = admission else {
            Issue.record("\(admission)")
            return
        }
        #expect((job.id == id) == (state == .queued))
        #expect(job.id.text.hasPrefix(id.text))
        #expect(try world.spool.state(of: job.id) == .queued)
        #expect(try world.spool.view(job.id)?.prompt == "another")
        #expect(try world.disk.status(SpoolLayout.token(id, in: state)) != nil)
        withExtendedLifetime(owned) {}
    }
}
