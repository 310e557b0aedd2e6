import JobCore
import Spool
import TestSupport
import Testing

/// People and commands, who need no lock, step in while it is decided what becomes of objects: afterwards the bucket
/// holds what the job names, and nothing else.
extension RaceTests {
    private typealias Bucket = StorageCrashTests.Bucket

    private static let id = SpoolWorld.id

    /// What somebody does to a done job.
    private static let interventions: [(name: String, act: @Sendable (SpoolWorld) throws -> Void)] = [
        ("rm", { _ = try $0.spool.delete(id) }),
        ("retry", { try $0.spool.retry(id) }),
        (
            "mv and cancel",
            { world in
                try world.disk.rename("done/\(id).json", "queued/\(id).json", .noReplace)
                _ = try world.spool.cancel(id)
            }
        ),
        (
            "a job file removed",
            { world in
                try world.disk.remove(SpoolLayout.token(id, in: .done))
                _ = try world.spool.forget(id)
            }
        ),
        (
            "rm, and the id taken again",
            { world in
                _ = try world.spool.delete(id)
                try world.submit("ships")
            }
        ),
        ("archive", { try $0.archive(.done) }),
    ]

    /// A job that was published just now, or waits; its entry is still there.
    private func done(isPublished: Bool) -> (SpoolWorld) throws -> (Bucket, StorageEntry) {
        { world in
            let bucket = Bucket()
            try world.submit()
            try StorageCrashTests.publish(world, bucket, isPublished: isPublished)
            return (bucket, try #require(try world.spool.storageEntries().first))
        }
    }

    private func race(
        isPublished: Bool, _ body: @escaping (SpoolWorld, Bucket, StorageEntry) throws -> Void
    ) throws {
        for intervention in Self.interventions {
            var bucket = Bucket()
            try between(
                { world in
                    let given = try done(isPublished: isPublished)(world)
                    bucket = given.0
                    return given
                }, { world, given in try? body(world, given.0, given.1) },
                intervening: { world, _ in try? intervention.act(world) },
                check: { world, place in
                    world.disk.reboot(powerCut: false)
                    try world.recover()
                    try StorageCrashTests.settle(world, bucket)
                    let findings = try StorageCrashTests.findings(world, bucket)
                    #expect(findings == [], "\(intervention.name), \(place)")
                })
        }
    }

    @Test func people_betweenAnyTwoCallsOfALookAtWhatIsPublished_loseNoObject() throws {
        try race(isPublished: true) { world, _, entry in _ = try world.spool.storageWork(for: entry) }
    }

    @Test func people_betweenAnyTwoCallsOfALatePublication_loseNoObject() throws {
        try race(isPublished: false) { world, bucket, entry in
            guard case .publish(let entry, let files) = try world.spool.storageWork(for: entry) else { return }
            for file in files { bucket.put(entry.folder.key(of: file.name), by: world) }
            _ = try world.spool.notePublished(entry)
            _ = try world.spool.storageWork(for: entry)
        }
    }
}
