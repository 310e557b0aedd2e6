import JobCore
import Spool
import TestSupport

/// A spool on a fake disk, with short words for what a daemon and its users do.
struct SpoolWorld: Sendable {
    static let id = JobID(resembling: "film", random: 0)
    static let owner = RunRecord.Owner(host: "test", bootID: "boot", pid: 1, startTicks: 1)
    static let movie = Array("the bytes of a film".utf8)

    let disk: FakeDisk
    let clock: ManualClock
    let spool: SpoolFolder
    let policy: Policy

    init(
        state: FakeDiskState? = nil, clock: ManualClock = ManualClock(), durability: Durability = .full,
        seed: UInt64 = 1, through: ((FakeDisk) -> any FileSystem)? = nil
    ) throws {
        let disk = FakeDisk(clock: clock, state: state ?? FakeDiskState())
        (self.disk, self.clock) = (disk, clock)
        policy = try Policy()
        spool = SpoolFolder(
            files: through?(disk) ?? disk, root: "/spool", durability: durability, now: { clock.now },
            random: SeededRandom.source(seed))
        if state == nil { _ = try spool.prepare() }
    }

    static func document(_ prompt: String = "boats") -> JobDocument {
        JobDocument(["type": "RENDER", "params": ["prompt": .string(prompt)]])
    }

    func submit(_ prompt: String = "boats", attachments: [Submission.Attachment] = []) throws {
        try submit(Self.document(prompt), attachments: attachments)
    }

    func submit(_ document: JobDocument, attachments: [Submission.Attachment] = []) throws {
        let submission = Submission(document: document, naming: .exactly(Self.id), attachments: attachments)
        for result in spool.submit([submission]) { _ = try result.get() }
    }

    func claim(isWriting: Bool = true) throws -> ClaimedJob {
        let result = try spool.claim(Self.id, owner: Self.owner, isWriting: { _ in isWriting })
        guard case .claimed(let job) = result else { throw NotClaimed() }
        return job
    }

    struct NotClaimed: Error {}

    /// Makes the film, as a backend does, and ends the job.
    func finish(_ job: ClaimedJob) throws -> EndingResult {
        let artifact = try makeFilm(job)
        return spool.finish([JobEnding(job, .done([artifact]))])[0]
    }

    func makeFilm(_ job: ClaimedJob) throws -> Artifact {
        try disk.create("\(SpoolLayout.scratch(job.id, attempt: job.attempt))/film.mp4", Self.movie)
        return Artifact(name: "film.mp4", kind: .video, bytes: Int64(Self.movie.count), sha256: "")
    }

    /// A done job with its film.
    func makeDone() throws {
        try submit()
        let result = try finish(try claim())
        guard result == .recorded else { throw NotDone(result: result) }
    }

    struct NotDone: Error {
        let result: EndingResult
    }

    static let failure = Failure(.ffmpegError, "It broke.")

    /// The same disk for a process that starts now.
    func restarted(seed: UInt64 = 2) throws -> SpoolWorld {
        let world = try SpoolWorld(state: disk.state, clock: clock, durability: spool.durability, seed: seed)
        return world
    }

    /// All ids of which a state folder or a day folder has a token.
    func ids() throws -> Set<JobID> { Set(try spool.places().keys) }

    /// Sends the ended job to its day folder. - Returns: that of the clock's day, where it went.
    @discardableResult
    func archive(_ state: JobState) throws -> JobPlace {
        let results = spool.archive([Self.id], in: state)
        guard case .archived(let day)? = results.first else { throw NotArchived(results: results) }
        return JobPlace(state, on: day)
    }

    struct NotArchived: Error {
        let results: [SpoolFolder.ArchiveResult]
    }

    /// What a daemon does when it starts, with nobody else alive.
    func recover() throws {
        try spool.finishDeletes()
        for (id, places) in try spool.places().sorted(by: { $0.key < $1.key }) {
            _ = try spool.repair(id, policy: policy, known: places) { _ in }
        }
        // Twice: a torn file is set aside first, and its job comes back with the second look.
        for _ in 0..<2 {
            clock.advance(by: .seconds(120))
            for path in try spool.inboxFiles() {
                _ = try spool.admitFromInbox(path, isClosed: false, policy: policy)
            }
            var admitted: [JobID] = []
            for entry in try disk.list(SpoolLayout.queued).sorted(by: { $0.name < $1.name }) {
                if case .ready(let job) = try spool.admit(entry.name, isClosed: false, policy: policy) {
                    admitted.append(job.id)
                }
            }
            try spool.settle(admitted)
        }
        try spool.sweepTemporary(olderThan: .seconds(60))
        for place in try spool.dayFolders() { _ = try spool.tidy(place) }
    }
}
