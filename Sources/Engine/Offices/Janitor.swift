import JobCore
import Logging
import Spool

/// Carries out what plain `rm` means: a token that a person removed while the daemon watches takes its record along.
///
/// Only a removal that was seen counts. A token that is missing at the start looks just like a torn backup, so nothing
/// is removed for it.
actor Janitor {
    private let thread: OfficeThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let folder: SpoolFolder
    private let patience: Duration
    private let logger: Logger
    private let bell = Bell()
    private var removed: [JobID: Duration] = [:]
    /// Jobs whose attempt was told to stop and had not when we looked last.
    private var held: Set<JobID> = []

    /// - Parameter patience: programs that save a file by removing and writing it anew are given this long.
    init(on thread: OfficeThread, folder: SpoolFolder, patience: Duration, logger: Logger) {
        (self.thread, self.folder, self.patience, self.logger) = (thread, folder, patience, logger)
    }

    /// Tokens of these jobs were removed.
    func noteRemoval(of ids: [JobID], at now: Duration) {
        guard !ids.isEmpty else { return }
        for id in ids { removed[id] = now + patience }
        bell.ring(after: patience)
    }

    /// Works until `stop`.
    func run() async {
        for await _ in bell.rings {
            let now = BootClock.now()
            let due = removed.filter { $0.value <= now }.map(\.key)
            for id in due {
                removed[id] = nil
                await forget(id, at: now)
            }
            if let next = removed.values.min() { bell.ring(after: max(next - now, .milliseconds(1))) }
        }
    }

    func stop() { bell.stop() }

    private func forget(_ id: JobID, at now: Duration) async {
        let folder = folder
        do {
            let result = try await BlockingWork.run { () throws -> SpoolFolder.ForgetResult? in
                guard try folder.state(of: id) == nil else { return nil }
                return try folder.forget(id)
            }
            switch result {
            case .held?:
                held.insert(id)
                noteRemoval(of: [id], at: now)
            case .forgotten?: noteDeletion(of: id)
            case .missing? where held.contains(id): noteDeletion(of: id)
            case .missing?, nil: held.remove(id)
            }
        } catch {
            held.remove(id)
            logger.warning("the record of a removed job is left", metadata: ["job.id": "\(id)", "error": "\(error)"])
        }
    }

    private func noteDeletion(of id: JobID) {
        held.remove(id)
        logger.info("job deleted by removing its file", metadata: ["job.id": "\(id)"])
    }
}
