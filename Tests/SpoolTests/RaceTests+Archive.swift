import JobCore
import Spool
import TestSupport
import Testing

/// An ended job goes to its day folder while somebody else steps in, and the other way round.
extension RaceTests {
    private static let id = SpoolWorld.id

    private func done(_ world: SpoolWorld) throws {
        try world.submit()
        _ = try world.finish(try world.claim())
    }

    /// Done, and at rest.
    private func rests(_ world: SpoolWorld) throws {
        try done(world)
        try world.archive(.done)
    }

    /// Canceled: its record does not tell of that yet.
    private func canceled(_ world: SpoolWorld) throws {
        try world.submit()
        _ = try world.spool.cancel(Self.id)
    }

    private static func archive(_ world: SpoolWorld) {
        for state in [JobState.done, .canceled] { _ = world.spool.archive([id], in: state) }
    }

    /// In the wrong day's folder, by a person.
    private func misplaced(_ world: SpoolWorld) throws {
        try done(world)
        try world.disk.makeFolder("done/2001-01-01")
        try world.disk.rename("done/\(Self.id).json", "done/2001-01-01/\(Self.id).json", .noReplace)
    }

    private static func tidy(_ world: SpoolWorld) {
        for place in (try? world.spool.dayFolders()) ?? [] { _ = try? world.spool.tidy(place) }
    }

    private func expect(_ state: JobState?, _ world: SpoolWorld, _ place: String) throws {
        #expect(try world.spool.state(of: Self.id) == state, "\(place)")
        #expect(try world.spool.places()[Self.id]?.count == (state == nil ? nil : 1), "\(place)")
        #expect(try world.disk.list(SpoolLayout.quarantine).isEmpty, "\(place)")
        try expectWhole(world, place)
        #expect(try world.spool.state(of: Self.id) == state, "\(place)")
    }

    @Test func retry_betweenAnyTwoCallsOfArchive_wins() throws {
        for given in [done, canceled] {
            try between(
                given, { world, _ in Self.archive(world) },
                intervening: { world, _ in try? world.spool.retry(Self.id) },
                check: { world, place in try expect(.queued, world, place) })
        }
    }

    @Test func retryAndClaim_betweenAnyTwoCallsOfArchive_neverBringBackTheOldEnding() throws {
        try between(
            canceled, { world, _ in Self.archive(world) },
            intervening: { world, _ in
                try? world.spool.retry(Self.id)
                guard let job = try? world.claim() else { return }
                _ = try? world.finish(job)
            },
            check: { world, place in
                let view = try #require(try world.spool.view(Self.id))
                // A claim that found the lock held comes later.
                #expect(view.state == .done || view.state == .queued, "\(place)")
                try expectWhole(world, place)
            })
    }

    @Test func delete_betweenAnyTwoCallsOfArchive_leavesNothing() throws {
        for given in [done, canceled] {
            try between(
                given, { world, _ in Self.archive(world) },
                intervening: { world, _ in _ = try? world.spool.delete(Self.id) },
                check: { world, place in
                    try expect(nil, world, place)
                    #expect(try world.spool.allIDs() == [], "\(place)")
                })
        }
    }

    @Test func mvAndRm_betweenAnyTwoCallsOfArchive_mean_whatTheySay() throws {
        try between(
            done, { world, _ in Self.archive(world) },
            intervening: { world, _ in
                let places = world.disk.state.places(of: "\(Self.id).json").filter { $0.hasPrefix("done") }
                try? world.disk.rename("\(places[0])/\(Self.id).json", "queued/\(Self.id).json", .noReplace)
            },
            check: { world, place in try expect(.queued, world, place) })
        try between(
            done, { world, _ in Self.archive(world) },
            intervening: { world, _ in
                let places = world.disk.state.places(of: "\(Self.id).json").filter { $0.hasPrefix("done") }
                try? world.disk.remove("\(places[0])/\(Self.id).json")
            },
            check: { world, place in
                try expect(nil, world, place)
                #expect(try world.spool.forget(Self.id) == .forgotten, "\(place)")
                #expect(try world.spool.allIDs() == [], "\(place)")
            })
    }

    @Test func archive_betweenAnyTwoCallsOfRetry_hindersNothing() throws {
        for given in [done, canceled] {
            try between(
                given, { world, _ in try world.spool.retry(Self.id) },
                intervening: { world, _ in Self.archive(world) },
                check: { world, place in try expect(.queued, world, place) })
        }
    }

    @Test func archive_betweenAnyTwoCallsOfDelete_hindersNothing() throws {
        try between(
            done,
            { world, _ in
                let answer = try world.spool.delete(Self.id)
                #expect(answer == .deleted(artifacts: 1))
            }, intervening: { world, _ in Self.archive(world) },
            check: { world, place in
                try expect(nil, world, place)
                #expect(try world.spool.allIDs() == [], "\(place)")
            })
    }

    @Test func archive_betweenAnyTwoCallsOfALook_isNeverSeen() throws {
        try between(
            done,
            { world, _ in
                let state = try world.spool.state(of: Self.id)
                #expect(state == .done)
                let view = try world.spool.view(Self.id)
                #expect(view?.outputURLs.count == 1)
                let answer = try world.spool.cancel(Self.id)
                #expect(answer == .ended(.done))
            }, intervening: { world, _ in Self.archive(world) },
            check: { world, place in try expect(.done, world, place) })
    }

    @Test func retryOutOfADayFolder_betweenAnyTwoCallsOfALook_isSeenHereOrThere() throws {
        for given in [rests, misplaced] {
            try between(
                given,
                { world, _ in
                    let state = try world.spool.state(of: Self.id)
                    #expect(state == .done || state == .queued)
                }, intervening: { world, _ in try? world.spool.retry(Self.id) },
                check: { world, place in try expect(.queued, world, place) })
        }
    }

    @Test func archive_betweenAnyTwoCallsOfRepair_hindersNothing() throws {
        for (given, state) in [(done, JobState.done), (canceled, .canceled)] {
            try between(
                given, { world, _ in _ = try world.spool.repair(Self.id, policy: world.policy) { _ in } },
                intervening: { world, _ in Self.archive(world) },
                check: { world, place in try expect(state, world, place) })
        }
    }

    @Test func archive_betweenAnyTwoCallsOfAnotherCancel_staysCanceled() throws {
        try between(
            canceled,
            { world, _ in
                let answer = try world.spool.cancel(Self.id)
                #expect(answer == .canceled)
                try world.spool.scrubCanceled(Self.id)
            }, intervening: { world, _ in Self.archive(world) },
            check: { world, place in try expect(.canceled, world, place) })
    }

    @Test func archive_betweenAnyTwoCallsOfADropOfTheSameName_leavesTwoJobs() throws {
        let name = "\(Self.id).json"
        for given in [done, canceled] {
            try between(
                { world in
                    try given(world)
                    try world.disk.create("queued/\(name)", SpoolWorld.document("another").bytes)
                },
                { world, _ in _ = try world.spool.admit(name, isClosed: true, policy: world.policy) },
                intervening: { world, _ in Self.archive(world) },
                check: { world, place in
                    // The archiver may hold the lock for a moment: then the drop is looked at again.
                    _ = try world.spool.admit(name, isClosed: true, policy: world.policy)
                    #expect(try world.spool.allIDs().count == 2, "\(place)")
                    #expect(try world.spool.state(of: Self.id)?.isFinal == true, "\(place)")
                    try expectWhole(world, place)
                })
        }
    }

    @Test func tidy_betweenAnyTwoCallsOfRetry_hindersNothing() throws {
        for given in [rests, misplaced] {
            try between(
                given, { world, _ in try world.spool.retry(Self.id) },
                intervening: { world, _ in Self.tidy(world) },
                check: { world, place in try expect(.queued, world, place) })
        }
    }

    @Test func retry_betweenAnyTwoCallsOfTidy_wins() throws {
        for given in [rests, misplaced] {
            try between(
                given, { world, _ in Self.tidy(world) },
                intervening: { world, _ in try? world.spool.retry(Self.id) },
                check: { world, place in try expect(.queued, world, place) })
        }
    }

    @Test func delete_betweenAnyTwoCallsOfTidy_leavesNothing() throws {
        try between(
            misplaced, { world, _ in Self.tidy(world) },
            intervening: { world, _ in _ = try? world.spool.delete(Self.id) },
            check: { world, place in
                try expect(nil, world, place)
                #expect(try world.spool.allIDs() == [], "\(place)")
            })
    }
}
