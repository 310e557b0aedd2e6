/// `run.json`: the last attempt of a job, and who owns it.
public struct RunRecord: Sendable, Equatable {
    /// The rev of the token that the claim wrote.
    public var rev: Int
    /// Counts from 1; never reused, also after a release that does not count.
    public var attempt: Int
    /// Retryable failures so far: what `max_attempts` limits.
    public var failures: Int
    /// Deaths of workers on this job; in which start of the daemon and in which attempt the last of them was.
    public var crashes: Int, lastCrashStart: Int?, lastCrashAttempt: Int?
    /// Tells two owners with equal numbers apart.
    public var nonce: String
    public var startedAt: Timestamp
    public var owner: Owner
    /// Process groups that the attempt started, to be stopped when their owner is dead.
    public var processGroups: [Int32]
    /// The run at a provider that this attempt started or went on with; nil for local work.
    public var remote: RemoteRecord?
    /// Earlier runs of the job at providers, the oldest first; at most 20.
    public var pastRemotes: [RemoteRecord] = []
    /// The job was deleted, and this is kept until the last of its runs is over.
    public private(set) var isDisowned = false

    /// A process, named so that its number cannot be mistaken after a reboot or a wrap-around.
    public struct Owner: Sendable, Equatable {
        public var host: String, bootID: String
        public var pid: Int32
        /// Field 22 of /proc/PID/stat: clock ticks from boot to the process's start.
        public var startTicks: Int64
        /// How often a daemon had been started on this spool when the process began.
        public var daemonStart: Int

        public init(host: String, bootID: String, pid: Int32, startTicks: Int64, daemonStart: Int = 0) {
            (self.host, self.bootID, self.pid, self.startTicks) = (host, bootID, pid, startTicks)
            self.daemonStart = daemonStart
        }
    }

    public init(
        rev: Int, attempt: Int, failures: Int, crashes: Int, nonce: String, startedAt: Timestamp, owner: Owner
    ) {
        self.rev = rev
        (self.attempt, self.failures, self.crashes, self.nonce) = (attempt, failures, crashes, nonce)
        (self.startedAt, self.owner, self.processGroups) = (startedAt, owner, [])
    }

    /// The deaths in a row before this attempt: what the crash limit limits. A start of the daemon that did not die
    /// with this job breaks the row: jobs that were merely beside a daemon that is killed again and again are not to
    /// blame.
    public var crashesInARow: Int {
        // A recovery that was itself killed finds this attempt's death counted already.
        if lastCrashAttempt == attempt { return max(crashes - 1, 0) }
        guard let lastCrashStart, owner.daemonStart - lastCrashStart <= 1 else { return 0 }
        return crashes
    }

    /// Takes note of the death of this attempt; again is harmless.
    public mutating func noteCrash() {
        (crashes, lastCrashStart, lastCrashAttempt) = (crashesInARow + 1, owner.daemonStart, attempt)
    }

    /// Every run at a provider, the oldest first.
    public var remotes: [RemoteRecord] { pastRemotes + (remote.map { [$0] } ?? []) }

    /// Takes over what an earlier attempt had started elsewhere.
    ///
    /// - Parameter isWanted: this attempt wants the same: a run that goes on, or whose result lies ready, is gone on
    ///   with. Otherwise it is nobody's, and is to be canceled.
    public mutating func inherit(from last: RunRecord?, isWanted: Bool) {
        guard let last else { return }
        pastRemotes = last.pastRemotes
        guard var past = last.remote else { return }
        if isWanted, past.isAttachable {
            remote = past
        } else {
            if past.mayBill { past.isUnwanted = true }
            pastRemotes = (pastRemotes + [past]).suffix(Self.pastLimit)
        }
    }

    private static let pastLimit = 20

    /// Whether one of its runs may still cost money.
    public var mayBill: Bool { remotes.contains(where: \.mayBill) }

    /// The job was deleted: nobody wants any of its runs.
    public mutating func disown() {
        isDisowned = true
        if remote?.mayBill ?? false { remote?.isUnwanted = true }
        for index in pastRemotes.indices where pastRemotes[index].mayBill { pastRemotes[index].isUnwanted = true }
    }

    /// The runs that nobody wants and that may still cost money.
    ///
    /// - Parameter isCanceled: the job is, and with it the run that goes on.
    public func unwantedRemotes(isCanceled: Bool) -> [RemoteRecord] {
        let current = remote.map { isCanceled || $0.isUnwanted ? [$0] : [] } ?? []
        return (pastRemotes.filter(\.isUnwanted) + current).filter(\.mayBill)
    }

    /// Takes note of a run: of one that is known, or of a new one, which the current one gives way to.
    public mutating func note(_ record: RemoteRecord) {
        if let index = pastRemotes.firstIndex(where: record.isSameRun) {
            pastRemotes[index] = record
        } else if let remote, !record.isSameRun(as: remote) {
            inherit(from: self, isWanted: false)
            self.remote = record
        } else {
            remote = record
        }
    }

    /// The file's bytes.
    public var bytes: [UInt8] {
        var remotes: [String: JSONValue] = [:]
        remotes["remote"] = remote?.json
        if !pastRemotes.isEmpty { remotes["remote_past"] = .array(pastRemotes.map(\.json)) }
        if isDisowned { remotes["deleted"] = true }
        return JSONWriter.pretty(
            .object(fields.merging(remotes) { first, _ in first }))
    }

    private var fields: [String: JSONValue] {
        [
            "rev": .integer(Int64(rev)), "attempt": .integer(Int64(attempt)), "failures": .integer(Int64(failures)),
            "crashes": .integer(Int64(crashes)), "nonce": .string(nonce), "started_at": .string(startedAt.text),
            "host": .string(owner.host), "boot_id": .string(owner.bootID), "pid": .integer(Int64(owner.pid)),
            "start_ticks": .integer(owner.startTicks), "daemon_start": .integer(Int64(owner.daemonStart)),
            "last_crash_start": lastCrashStart.map { .integer(Int64($0)) } ?? .null,
            "last_crash_attempt": lastCrashAttempt.map { .integer(Int64($0)) } ?? .null,
            "process_groups": .array(processGroups.map { .integer(Int64($0)) }),
        ]
    }

    /// Nil when the file is torn or not ours: the attempt then counts as never begun.
    public init?(reading bytes: [UInt8]) {
        guard let fields = (try? JSONReader.read(bytes))?.object,
            let attempt = fields["attempt"]?.count,
            let startedAt = fields["started_at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        func count(_ key: String) -> Int { fields[key]?.count ?? 0 }
        self.init(
            rev: count("rev"), attempt: attempt, failures: count("failures"), crashes: count("crashes"),
            nonce: fields["nonce"]?.string ?? "", startedAt: startedAt,
            owner: Owner(
                host: fields["host"]?.string ?? "", bootID: fields["boot_id"]?.string ?? "",
                pid: Int32(truncatingIfNeeded: fields["pid"]?.integer ?? 0),
                startTicks: fields["start_ticks"]?.integer ?? 0, daemonStart: count("daemon_start")))
        lastCrashAttempt = fields["last_crash_attempt"]?.count
        lastCrashStart = fields["last_crash_start"]?.count
        isDisowned = fields["deleted"]?.bool ?? false
        remote = fields["remote"].flatMap { RemoteRecord(json: $0) }
        pastRemotes = (fields["remote_past"]?.array ?? []).compactMap { RemoteRecord(json: $0) }
        processGroups = (fields["process_groups"]?.array ?? []).compactMap { $0.integer.flatMap { Int32(exactly: $0) } }
    }
}
