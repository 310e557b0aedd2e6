import JobCore
import Logging
import Spool

/// Sends ended jobs to rest in day folders, a few hundred at a time, and looks after those folders, one a minute.
///
/// What goes when, `ArchiveRule` says. Nothing waits for this office, and no job is lost without it.
actor Archiver {
    private let thread: OfficeThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// How often it looks for jobs that may go, when not so many end that it must look sooner.
    static let interval = Duration.seconds(600)
    /// Between two rounds when there is more to do, and before the first: others come first.
    static let pace = Duration.seconds(1)
    /// How often one day folder is read.
    static let tidyInterval = Duration.seconds(60)

    private let folder: SpoolFolder
    private let rule: ArchiveRule
    private let recovery: Recovery
    private let logger: Logger
    /// Told of a day folder that there may be rows of it to mend.
    private let onRead: @Sendable (JobPlace) async -> Void
    private let bell = Bell()
    /// How many that may go lie in the folder of each state itself: counted at the last look, and what ended since.
    private var flat: [JobState: Int] = [:]
    /// Jobs that stay where they are, by the file that was looked at.
    private var staying: [JobState: [JobID: Timestamp]] = [:]
    private var nextRound: Duration?, nextTidying: Duration?
    /// Day folders that were not read since the last listing of them.
    private var unread: [JobPlace] = []

    init(
        on thread: OfficeThread, folder: SpoolFolder, rule: ArchiveRule, recovery: Recovery, logger: Logger,
        onRead: @escaping @Sendable (JobPlace) async -> Void
    ) {
        (self.thread, self.folder, self.rule, self.recovery) = (thread, folder, rule, recovery)
        (self.logger, self.onRead) = (logger, onRead)
    }

    /// So many jobs came into the folder of a state.
    func jobsEnded(_ count: Int, in state: JobState) {
        flat[state, default: 0] += count
        guard flat[state, default: 0] >= rule.flatLimit + rule.batch, nextRound.map({ $0 > BootClock.now() }) ?? false
        else { return }
        nextRound = BootClock.now() + Self.pace
        bell.ring(after: Self.pace)
    }

    /// Works until `stop`.
    func run() async {
        let start = BootClock.now()
        (nextRound, nextTidying) = (start + Self.pace, start + Self.tidyInterval)
        bell.ring(after: Self.pace)
        for await _ in bell.rings {
            let now = BootClock.now()
            if nextRound.map({ $0 <= now }) ?? true { await work(at: now) }
            if nextTidying.map({ $0 <= now }) ?? true { await tidy(at: now) }
            let next = [nextRound, nextTidying].compactMap { $0 }.min() ?? now + Self.tidyInterval
            bell.ring(after: max(next - BootClock.now(), .milliseconds(1)))
        }
    }

    func stop() { bell.stop() }

    /// One round through the ended states.
    private func work(at now: Duration) async {
        nextRound = now + Self.interval
        for state in JobState.allCases where state.isFinal {
            do {
                if try await work(on: state) { nextRound = now + Self.pace }
            } catch {
                logger.warning("\(state.rawValue)/ could not be looked at", metadata: ["error": "\(error)"])
            }
        }
    }

    /// - Returns: whether more of this state are due.
    private func work(on state: JobState) async throws -> Bool {
        let (folder, rule, staying) = (folder, rule, staying[state] ?? [:])
        let (ended, ids, due, results) = try await BlockingWork.run {
            let ended = try folder.ended(in: state)
            let movable = ended.filter { staying[$0.id] != $0.time }
            let (ids, due) = rule.archivePlan(movable, at: folder.wallTime)
            return (ended, ids, due, folder.archive(ids, in: state))
        }
        let times = Dictionary(ended.map { ($0.id, $0.time) }) { first, _ in first }
        self.staying[state] = staying.filter { times[$0.key] == $0.value }
        var (count, stays, errors) = (0, 0, [FileError]())
        for (id, result) in zip(ids, results) {
            switch result {
            case .archived: count += 1
            case .stays:
                stays += 1
                self.staying[state, default: [:]][id] = times[id]
            case .busy, .gone: break
            case .double(let place): await recovery.recover(id, known: [place])
            case .failed(let error): errors.append(error)
            }
        }
        if let error = errors.first {
            logger.warning("jobs were not archived", metadata: ["jobs": "\(errors.count)", "error": "\(error)"])
        }
        flat[state] = ended.count - count - (self.staying[state]?.count ?? 0)
        if count > 0 {
            logger.info("ended jobs archived", metadata: ["state": "\(state.rawValue)", "jobs": "\(count)"])
        }
        // Where every one failed, another try at once would be no better.
        return due > ids.count && count + stays > 0
    }

    /// Reads the next day folder, the newest first, all of them in turn.
    private func tidy(at now: Duration) async {
        nextTidying = now + Self.tidyInterval
        let folder = folder
        do {
            if unread.isEmpty { unread = try await BlockingWork.run { try folder.dayFolders() } }
            guard !unread.isEmpty else { return }
            let place = unread.removeFirst()
            let doubles = try await BlockingWork.run { try folder.tidy(place) }
            for id in doubles { await recovery.recover(id, known: [place]) }
            await onRead(place)
        } catch {
            logger.warning("a day folder could not be read", metadata: ["error": "\(error)"])
        }
    }
}
