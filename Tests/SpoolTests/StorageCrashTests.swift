import JobCore
import Spool
import Synchronization
import TestSupport
import Testing

/// Killed and cut off at every change, in both modes: afterwards object storage holds what done jobs name, and nothing
/// else.
@Suite("Crashes beside object storage")
struct StorageCrashTests {
    private static let id = SpoolWorld.id
    private static let place = StoragePlace(bucket: "films", endpoint: "http://127.0.0.1:9000/")

    /// The keys in a bucket, which no crash of ours takes away.
    final class Bucket: Sendable {
        private let keys: Mutex<Set<String>>

        init(_ keys: Set<String> = []) { self.keys = Mutex(keys) }

        var all: Set<String> { keys.withLock { $0 } }

        /// A dead process stores nothing.
        func put(_ key: StorageKey?, by world: SpoolWorld) {
            guard let key, !world.disk.isCrashed else { return }
            keys.withLock { _ = $0.insert(key.text) }
        }

        func remove(_ prefix: String, by world: SpoolWorld) {
            guard !world.disk.isCrashed else { return }
            keys.withLock { keys in keys = keys.filter { !$0.hasPrefix(prefix) } }
        }
    }

    /// What happens to a job, with the storage.
    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var given: @Sendable (SpoolWorld, Bucket) throws -> Void = { world, _ in try world.submit() }
        let act: @Sendable (SpoolWorld, Bucket) throws -> Void
    }

    /// An attempt, up to its objects.
    private static func upload(_ world: SpoolWorld, _ bucket: Bucket) throws -> (ClaimedJob, Artifact, StorageEntry) {
        let job = try world.claim()
        let artifact = try world.makeFilm(job)
        let entry = try world.spool.beginStorage(of: job, at: place).entry
        bucket.put(entry.folder.key(of: artifact.name), by: world)
        return (job, artifact, entry)
    }

    static func publish(_ world: SpoolWorld, _ bucket: Bucket, isPublished: Bool = true) throws {
        let (job, artifact, entry) = try upload(world, bucket)
        let publication = Publication(entry.folder, at: place, isPublished: isPublished)
        _ = world.spool.finish([JobEnding(job, .done([artifact]), publication: publication)])
    }

    /// What the daemon does beside the attempts, until it has nothing to do.
    static func settle(_ world: SpoolWorld, _ bucket: Bucket) throws {
        for _ in 0..<6 where !world.disk.isCrashed {
            let entries = try world.spool.storageEntries()
            if entries.isEmpty { return }
            for entry in entries {
                switch try world.spool.storageWork(for: entry) {
                case .wait, .settled: break
                case .publish(let entry, let files):
                    for file in files { bucket.put(entry.folder.key(of: file.name), by: world) }
                    _ = try world.spool.notePublished(entry)
                case .remove(let entry):
                    bucket.remove(entry.folder.prefix, by: world)
                    if !world.disk.isCrashed { try world.spool.removeStorage(entry) }
                }
            }
        }
    }

    static let stories = [
        Story(testDescription: "published, then done") { world, bucket in
            try publish(world, bucket)
            try settle(world, bucket)
        },
        Story(testDescription: "done, then published") { world, bucket in
            try publish(world, bucket, isPublished: false)
            try settle(world, bucket)
        },
        Story(testDescription: "canceled while it is stored") { world, bucket in
            let (job, _, _) = try upload(world, bucket)
            _ = try world.spool.cancel(id)
            try world.spool.discard(job)
            try world.spool.scrubCanceled(id)
            job.lock.release()
            try settle(world, bucket)
        },
        Story(testDescription: "canceled, the lost race") { world, bucket in
            let (job, artifact, entry) = try upload(world, bucket)
            _ = try world.spool.cancel(id)
            let publication = Publication(entry.folder, at: place, isPublished: true)
            _ = world.spool.finish([JobEnding(job, .done([artifact]), publication: publication)])
            try settle(world, bucket)
        },
        Story(testDescription: "failed after it was stored") { world, bucket in
            let (job, _, _) = try upload(world, bucket)
            _ = world.spool.finish([JobEnding(job, .failed(SpoolWorld.failure))])
            try settle(world, bucket)
        },
        Story(testDescription: "put back after it was stored") { world, bucket in
            let (job, _, _) = try upload(world, bucket)
            _ = try world.spool.requeue(job, after: .zero, .nothing)
            try settle(world, bucket)
        },
        Story(testDescription: "failed as silent while it is stored") { world, bucket in
            let (job, artifact, entry) = try upload(world, bucket)
            _ = try world.spool.failSilent(id, attempt: 1, SpoolWorld.failure)
            let publication = Publication(entry.folder, at: place, isPublished: true)
            _ = world.spool.finish([JobEnding(job, .done([artifact]), publication: publication)])
            try settle(world, bucket)
        },
        Story(testDescription: "deleted", given: published) { world, bucket in
            _ = try world.spool.delete(id)
            try settle(world, bucket)
        },
        Story(testDescription: "deleted while it waits", given: waiting) { world, bucket in
            _ = try world.spool.delete(id)
            try settle(world, bucket)
        },
        Story(testDescription: "deleted, and its id taken again", given: published) { world, bucket in
            _ = try world.spool.delete(id)
            try world.submit("ships")
            try publish(world, bucket)
            try settle(world, bucket)
        },
        Story(testDescription: "its file removed by hand", given: published) { world, bucket in
            try world.disk.remove(SpoolLayout.token(id, in: .done))
            _ = try world.spool.forget(id)
            try settle(world, bucket)
        },
        Story(testDescription: "retried, and published again", given: published) { world, bucket in
            try world.spool.retry(id)
            try settle(world, bucket)
            try publish(world, bucket)
            try settle(world, bucket)
        },
        Story(testDescription: "moved to queued/ by hand, then canceled", given: published) { world, bucket in
            try world.disk.rename("done/\(id).json", "queued/\(id).json", .noReplace)
            _ = try world.spool.cancel(id)
            try settle(world, bucket)
        },
        Story(testDescription: "sent to its day folder and deleted", given: published) { world, bucket in
            try world.archive(.done)
            _ = try world.spool.delete(id)
            try settle(world, bucket)
        },
    ]

    @Sendable static func published(_ world: SpoolWorld, _ bucket: Bucket) throws {
        try world.submit()
        try publish(world, bucket)
        try settle(world, bucket)
    }

    @Sendable static func waiting(_ world: SpoolWorld, _ bucket: Bucket) throws {
        try world.submit()
        try publish(world, bucket, isPublished: false)
    }

    /// What the bucket must hold for what the job says, and what it holds.
    ///
    /// Of a job that is run again, and of one whose file a person took away, the record knows until its next step: that
    /// is taken first.
    static func findings(_ world: SpoolWorld, _ bucket: Bucket) throws -> [String] {
        switch try world.spool.state(of: id) {
        case .queued?: _ = try world.spool.cancel(id)
        case nil: _ = try world.spool.forget(id)
        case .running?, .done?, .failed?, .canceled?: break
        }
        // Without syncs a power cut may tear a job file; what it had is known until a person deletes it.
        if try world.spool.state(of: id) != nil, try world.spool.view(id) == nil {
            _ = try world.spool.cancel(id)
            _ = try world.spool.delete(id)
        }
        try settle(world, bucket)
        let entries = try world.spool.storageEntries().map(\.fileName)
        let view = try world.spool.view(id)
        var wanted: Set<String> = []
        if let view, view.state == .done, let publication = view.publication {
            if !publication.isPublished { return ["it still waits; entries \(entries)"] }
            wanted = Set(view.artifacts.compactMap { publication.folder.key(of: $0.name)?.text })
        }
        guard bucket.all == wanted, entries.isEmpty else {
            return ["\(view?.state.rawValue ?? "gone"): \(bucket.all.sorted()), wanted \(wanted), entries \(entries)"]
        }
        return []
    }

    @Test(arguments: stories, [Durability.full, .fast])
    func death_anywhere_leavesNothingUnknown(story: Story, durability: Durability) throws {
        let (before, kept) = (try SpoolWorld(durability: durability), Bucket())
        try story.given(before, kept)
        before.disk.syncAll()
        let start = before.disk.state
        var violations: [String] = []
        var (point, isOver) = (0, false)
        while !isOver, violations.isEmpty {
            for cut: UInt64? in [nil] + (0..<6).map({ $0 &+ UInt64(point) &* 100 }) {
                let (world, bucket) = (try SpoolWorld(state: start, durability: durability), Bucket(kept.all))
                world.disk.crash(after: point)
                do {
                    try story.act(world, bucket)
                } catch  where world.disk.isCrashed {}
                isOver = !world.disk.isCrashed
                world.disk.reboot(powerCut: cut != nil, seed: cut ?? 0)
                violations += try Self.afterwards(world, bucket, dying: point % 5).map {
                    "at change \(point), \(cut.map { "power cut \($0)" } ?? "kill"): \($0)"
                }
            }
            point += 1
        }
        #expect(violations == [])
        #expect(point > 3)
    }

    /// The next start, which dies too, and the one after it.
    private static func afterwards(_ wreck: SpoolWorld, _ bucket: Bucket, dying point: Int) throws -> [String] {
        let first = try wreck.restarted()
        first.disk.crash(after: point)
        try? first.recover()
        try? settle(first, bucket)
        first.disk.reboot(powerCut: false)
        let second = try first.restarted(seed: 9)
        try second.recover()
        try settle(second, bucket)
        return try findings(second, bucket)
    }

    /// Every call fails once, with each error; what was cut short is finished by the next start.
    @Test(arguments: stories, FaultTests.errnos)
    func errno_atAnyCall_leavesNothingUnknown(story: Story, errno: Int32) throws {
        let (before, kept) = (try SpoolWorld(), Bucket())
        try story.given(before, kept)
        let start = before.disk.state
        var (call, hasFailed) = (0, true)
        while hasFailed {
            let (box, bucket) = (FaultBox(), Bucket(kept.all))
            let world = try SpoolWorld(state: start, through: box.wrap)
            let faulty = try #require(box.faulty)
            faulty.fail(call, with: errno)
            try? story.act(world, bucket)
            hasFailed = faulty.hasFailed
            world.disk.reboot(powerCut: false)
            let after = try world.restarted()
            try after.recover()
            try Self.settle(after, bucket)
            #expect(try Self.findings(after, bucket) == [], "errno \(errno) at call \(call)")
            call += 1
        }
        #expect(call > 5, "the story was not looked into")
    }

    @Test func nextOwner_goesOnUnderTheSameFolder() throws {
        let world = try SpoolWorld()
        try world.submit()
        let job = try world.claim()
        try world.spool.remember(
            RemoteRecord(
                attempt: 1, baseURL: "https://api.runpod.ai/v2/ep", id: "a-u1", state: .collected,
                submittedAt: world.clock.now, digest: "d"), of: job)
        let first = try world.spool.beginStorage(of: job, at: nil)
        job.lock.release()
        #expect(try world.spool.storageWork(for: first.entry) == .wait)
        let next = try #require(try world.spool.attach(Self.id, owner: SpoolWorld.owner))
        let second = try world.spool.beginStorage(of: next, at: Self.place)
        #expect(second.entry == first.entry && first.isNew && !second.isNew)
        let placed = try world.spool.setPlace(Self.place, of: second.entry)
        #expect(try world.spool.storageEntries() == [placed] && placed.folder == first.entry.folder)
    }

    @Test func ownedJob_isLeftAlone() throws {
        let world = try SpoolWorld()
        try world.submit()
        let job = try world.claim()
        let entry = try world.spool.beginStorage(of: job, at: Self.place).entry
        _ = try world.spool.cancel(Self.id)
        _ = try world.spool.delete(Self.id)
        // The attempt was told to stop and has not: its last bytes may still be on their way.
        #expect(try world.spool.storageWork(for: entry) == .wait)
        try world.spool.discard(job)
        job.lock.release()
        var unwanted = entry
        unwanted.isUnwanted = true
        #expect(try world.spool.storageEntries() == [unwanted])
    }

    @Test func forgedJobFile_namesNoObjectsOfOthers() throws {
        let world = try SpoolWorld()
        var document = SpoolWorld.document()
        let stranger = StorageFolder(newFor: JobID(resembling: "other", random: 7), attempt: 1)
        document[.publication] = [
            "folder": .string("../\(stranger.job)/\(stranger.name)"), "state": "published", "bucket": "films",
            "endpoint": "http://127.0.0.1:9000/",
        ]
        try world.submit(document)
        _ = try world.spool.delete(Self.id)
        #expect(try world.spool.storageEntries().isEmpty)
    }

    /// Only the way to the storage waits: the delete itself does not.
    @Test func delete_isOverAtOnce_andItsObjectsAreStillKnown() throws {
        let (world, bucket) = (try SpoolWorld(), Bucket())
        try Self.published(world, bucket)
        #expect(try world.spool.delete(Self.id) == .deleted(artifacts: 1))
        #expect(try world.disk.status(SpoolLayout.record(Self.id)) == nil)
        let entries = try world.spool.storageEntries()
        #expect(entries.map(\.isUnwanted) == [true] && entries.map(\.place) == [Self.place])
        #expect(!bucket.all.isEmpty)
        try Self.settle(world, bucket)
        #expect(try bucket.all.isEmpty && world.spool.storageEntries().isEmpty)
    }
}
