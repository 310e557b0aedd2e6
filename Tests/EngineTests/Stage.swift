import Glibc
import JobCore
import Spool
import TestSupport
import Testing

@testable import Backends
@testable import Engine

/// A spool with a daemon at work in it. Tests act as people do, on the files, and wait for signals.
final class Stage: Sendable {
    /// The kernel gives a user 128 inotify instances.
    private static let places = Places(6)

    let spool: TemporarySpool
    let journal = Journal()
    private let house: House
    private let watch: FolderWatch

    /// Opens the house, gives the body a daemon at work, and stops it in order.
    ///
    /// - Parameters:
    ///   - settings: beside quick heartbeats, a fast disk mode and no guard for a full disk.
    ///   - partSize: what is larger goes to object storage in parts of so many bytes.
    ///   - haste: pauses between tries are so many times as short.
    ///   - freeBytes: what the daemon takes for the disk's free space; nil: the truth.
    ///   - shared: the spool of another stage, for a second process on it.
    ///   - prepared: what lies in the spool before the daemon starts.
    static func play(
        _ backends: any Backend..., settings: [SettingKey: String] = [:], policy: Policy? = nil,
        options: Daemon.Options = Daemon.Options(role: .daemon), archiveRule: ArchiveRule = ArchiveRule(),
        partSize: Int64? = nil, haste: Int = 100, freeBytes: (@Sendable () -> Int64?)? = nil,
        sharing shared: TemporarySpool? = nil, prepared: (TemporarySpool) throws -> Void = { _ in },
        _ body: (Stage) async throws -> Void
    ) async throws {
        if shared == nil { await Self.places.take() }
        let result = await Result {
            try await play(
                shared ?? TemporarySpool(), backends, settings, policy, options, archiveRule, partSize, haste,
                freeBytes, prepared, body)
        }
        if shared == nil { await Self.places.giveBack() }
        try result.get()
    }

    private static func play(
        _ spool: TemporarySpool, _ backends: [any Backend], _ settings: [SettingKey: String], _ policy: Policy?,
        _ options: Daemon.Options, _ rule: ArchiveRule, _ partSize: Int64?, _ haste: Int,
        _ freeBytes: (@Sendable () -> Int64?)?, _ prepared: (TemporarySpool) throws -> Void,
        _ body: (Stage) async throws -> Void
    ) async throws {
        try prepared(spool)
        let stage = try await Stage(spool, backends, settings, policy, options, rule, partSize, haste, freeBytes)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await stage.house.run() }
            group.addTask { for await _ in stage.watch.signals { stage.journal.ring() } }
            do {
                try await body(stage)
            } catch {
                Issue.record("\(error); the daemon said:\n\(stage.journal.lines.joined(separator: "\n"))")
            }
            stage.house.stop()
            try await group.next()
            stage.watch.stop()
            try await group.waitForAll()
        }
    }

    private init(
        _ spool: TemporarySpool, _ backends: [any Backend], _ settings: [SettingKey: String], _ policy: Policy?,
        _ options: Daemon.Options, _ rule: ArchiveRule, _ partSize: Int64?, _ haste: Int,
        _ freeBytes: (@Sendable () -> Int64?)?
    ) async throws {
        self.spool = spool
        let flags: [SettingKey: String] = [
            .spool: spool.root, .durability: "fast", .minimumFree: "0", .heartbeatInterval: "100ms",
        ]
        let folders =
            [
                SpoolLayout.webhooks, SpoolLayout.inbox, SpoolLayout.meta, SpoolLayout.films, SpoolLayout.trash,
                SpoolLayout.quarantine,
            ]
            + JobState.allCases.map(\.rawValue)
        watch = try FolderWatch(root: spool.root, folders: folders)
        let journal = journal
        let resolved = try Settings.resolve(
            flags: flags.merging(settings) { _, new in new }, environment: [:], envFile: [:])
        var store = ArtifactStore(BackendConfiguration().withStorage(of: resolved))
        store.retries.pause = { _ in await Task.yield() }
        if let partSize { (store.largestSinglePut, store.partSize) = (partSize, partSize) }
        house = try await House(
            settings: resolved,
            options: options, logger: journal.logger,
            registry: BackendRegistry(
                backends: [NoopBackend()] + backends.map { Self.ringing($0, journal) }),
            policy: policy, archiveRule: rule, store: store,
            patience: Publisher.Patience(settling: .zero, haste: haste), freeBytes: freeBytes)
    }

    private static func ringing(_ backend: some Backend, _ journal: Journal) -> any Backend {
        RingingBackend(inner: backend, journal: journal)
    }

    /// Waits until something is true, looking again at every sign of change; the suite's time limit ends a vain wait.
    func until(_ condition: () throws -> Bool) async throws {
        while try !condition() {
            var rings = journal.rings.makeAsyncIterator()
            guard await rings.next() != nil else { throw CancellationError() }
        }
    }

    /// Waits until a job is in a state.
    func until(_ id: JobID, is state: JobState) async throws {
        try await until { try spool.folder.state(of: id) == state }
    }

    /// Waits until nobody holds the job's lock: after an attempt has let go of it, the daemon may take it for a moment
    /// to see whether anything is left to repair.
    func untilNobodyOwns(_ id: JobID) async throws {
        let path = "\(spool.root)/\(SpoolLayout.beat(id))"
        try await Spool.BlockingWork.run {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            try #require(flock(descriptor, LOCK_EX) == 0)
        }
    }

    /// Waits until the daemon said something.
    func untilSaid(_ words: String, times: Int = 1) async throws {
        try await until { journal.lines.count { $0.contains(words) } >= times }
    }

    /// Waits until all that happened in `queued/` so far is known to the dispatcher, in a paused queue.
    ///
    /// Files are taken in by batches, in order: when the second of two is taken in, the batch of the first is through,
    /// with all that came before it.
    func fence() async throws {
        for id in ["fence-1", "fence-2"] as [JobID] {
            try drop(id)
            try await until { try exists(SpoolLayout.birth(id)) }
        }
    }

    /// The door for what comes from the network.
    var desk: FrontDesk { house.desk }

    /// Begins an orderly end.
    func stop() { house.stop() }

    var report: Daemon.Report {
        get async { await house.report }
    }
}

/// What people do, and what they see.
extension Stage {
    /// Copies a job file into a folder, as `cp` does.
    func drop(_ id: JobID, _ text: String = #"{"type":"NOOP"}"#, into folder: String = "queued") throws {
        try spool.drop("\(folder)/\(id).json", Array(text.utf8))
    }

    /// Moves a job, as `mv` does.
    func move(_ id: JobID, _ old: JobState, _ new: JobState) throws {
        try spool.files.rename(SpoolLayout.token(id, in: old), SpoolLayout.token(id, in: new), .noReplace)
    }

    /// Sets both times of a queued job, as `touch -d` does.
    func touch(_ id: JobID, _ time: Timestamp) throws {
        let part = timeval(
            tv_sec: Int(time.milliseconds / 1000), tv_usec: Int(time.milliseconds % 1000) * 1000)
        let result = utimes(spool.folder.absolute(SpoolLayout.token(id, in: .queued)), [part, part])
        try #require(result == 0)
    }

    /// The job file, wherever it lies.
    func document(_ id: JobID) throws -> JobDocument {
        let place = try #require(try spool.folder.place(of: id))
        return try #require(try spool.folder.document(id, at: place))
    }

    func exists(_ path: String) throws -> Bool { try spool.files.status(path) != nil }

    /// What the index knows of a job; nil also while there is no index to ask.
    func indexed(_ id: JobID) -> JobView? {
        try? JobIndex(path: spool.folder.absolute(SpoolLayout.indexFile), readOnly: true).view(id)
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous body returns or throws.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
