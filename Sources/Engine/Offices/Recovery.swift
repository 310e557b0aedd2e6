import JobCore
import Logging
import Spool

/// Makes whole what a crash, a restart or a person left half-way. What to do, `Reconcile` says.
struct Recovery: Sendable {
    private let folder: SpoolFolder
    private let policy: Policy
    private let logger: Logger
    /// Becomes the owner of a job whose work goes on elsewhere.
    private let attach: @Sendable (JobID) async -> Void

    /// Half-made files younger than this may have a living writer.
    static let temporaryAge = Duration.seconds(3600)

    init(
        folder: SpoolFolder, policy: Policy, logger: Logger,
        attach: @escaping @Sendable (JobID) async -> Void = { _ in }
    ) {
        (self.folder, self.policy, self.logger, self.attach) = (folder, policy, logger, attach)
    }

    /// What must be right before the first job starts: only what lies in `running/`, `tmp/` and `trash/`, however many
    /// jobs have ended.
    func recoverAtStart() async throws {
        let folder = folder
        let halfDone = try await BlockingWork.run { try folder.idsHalfDone() }
        do {
            try await BlockingWork.run {
                try folder.finishDeletes()
                try folder.sweepTemporary(olderThan: Self.temporaryAge)
            }
        } catch {
            // Leftovers that cannot be removed are no reason to let the queue wait.
            logger.error("leftovers could not be removed", metadata: ["error": "\(error)"])
        }
        let running = try await BlockingWork.run { try folder.ids(in: .running) }
        for id in Set(running + halfDone).sorted() { await recover(id) }
    }

    /// A restored copy may lack tokens, or hold one twice: every job is looked at.
    func recoverCopy() async throws {
        let folder = folder
        let (ids, places) = try await BlockingWork.run { (try folder.allIDs(), try folder.places()) }
        logger.notice("restored copy: every job is checked", metadata: ["jobs": "\(ids.count)"])
        for id in ids { await recover(id, isRestoring: true, known: places[id] ?? []) }
    }

    /// After a power cut the folders of a file system need not be of one moment (btrfs: a folder that was synced may
    /// have lost names again when another one was synced later, or have kept one that was moved away).
    func recoverAfterBoot() async throws {
        let folder = folder
        let ids = try await BlockingWork.run { try folder.idsWithoutOneToken() }
        if !ids.isEmpty {
            logger.notice("the machine was started anew: jobs without one file", metadata: ["jobs": "\(ids.count)"])
        }
        for (id, places) in ids.sorted(by: { $0.key < $1.key }) {
            await recover(id, isRestoring: true, known: places)
        }
        try await BlockingWork.run { try folder.confirmBoot() }
    }

    /// Once a disk that was full has room: what was cut short although the ballast was thrown off.
    func recoverAfterFullDisk() async {
        let folder = folder
        do {
            try await BlockingWork.run { _ = try folder.finishHeldDeletes() }
        } catch {
            logger.error("leftovers could not be removed", metadata: ["error": "\(error)"])
        }
        await sweepCanceled()
    }

    /// Canceled jobs whose worker died before it could remove what it had made, or that were moved by hand while no
    /// daemon ran.
    func sweepCanceled() async {
        let folder = folder
        let ids = (try? await BlockingWork.run { try folder.ids(in: .canceled) }) ?? []
        for id in ids where !Task.isCancelled { await recover(id) }
    }

    /// One job.
    ///
    /// - Parameters:
    ///   - isRestoring: a token that is missing is made again.
    ///   - known: day folders in which a token of it was seen.
    func recover(_ id: JobID, isRestoring: Bool = false, known: [JobPlace] = []) async {
        let (folder, policy) = (folder, policy)
        do {
            let steps = try await BlockingWork.run {
                try folder.repair(id, policy: policy, isRestoring: isRestoring, known: known) { run in
                    ProcessIdentity.stopOrphans(
                        of: run, scratch: folder.absolute(SpoolLayout.scratch(id, attempt: run.attempt)))
                }
            }
            guard !steps.isEmpty else { return }
            logger.notice(
                "job recovered", metadata: ["job.id": "\(id)", "steps": "\(steps.map(\.name).joined(separator: ", "))"])
            if steps.contains(where: \.isAttach) { await attach(id) }
        } catch {
            logger.error("job could not be recovered", metadata: ["job.id": "\(id)", "error": "\(error)"])
        }
    }
}

extension RepairStep {
    var isAttach: Bool { if case .attach = self { true } else { false } }

    /// The step in a word, for logs.
    var name: String {
        switch self {
        case .setAsideToken(let place): "set_aside(\(place))"
        case .restoreToken(let place, _): "restore(\(place))"
        case .dropCancelWish: "drop_cancel_wish"
        case .cancel: "cancel"
        case .scrubCanceled: "scrub"
        case .dropOutcome: "drop_outcome"
        case .delete: "delete"
        case .finish(let state): "finish(\(state.rawValue))"
        case .requeue(let accounting): "requeue(\(accounting))"
        case .fail(let failure): "fail(\(failure.code.rawValue))"
        case .attach(let attempt): "attach(\(attempt))"
        case .stopProcesses: "stop_processes"
        case .removeScratch(let attempt): "remove_scratch(\(attempt))"
        }
    }
}
