import Backends
import JobCore
import Logging
import Spool

/// Runs one attempt of one claimed job: runs its backend, ends it. What an event means, `JobMachine` says.
///
/// Invariants:
/// 1. The backend is stopped, with all its processes, before any ending but success is recorded.
/// 2. Every path ends with the lock released: a job is never left running by a living process.
/// 3. Whatever cannot be recorded now is tried again until it is, or until somebody else moved the job.
struct Worker: Sendable {
    /// How the attempt went, for the dispatcher.
    enum Outcome: Sendable, Equatable {
        case ended(JobState)
        /// Back in `queued/`.
        case requeued
        /// Somebody alive holds the lock: try again soon.
        case busy
        /// Not there any more.
        case gone
        /// Still in `running/`, for the next owner: its work goes on elsewhere.
        case detached
    }

    let workshop: Workshop
    /// Told once, when the backend is over and only the ending is left.
    private let onBackendEnd: @Sendable () -> Void
    private var folder: SpoolFolder { workshop.folder }

    init(_ workshop: Workshop, onBackendEnd: @escaping @Sendable () -> Void) {
        (self.workshop, self.onBackendEnd) = (workshop, onBackendEnd)
    }

    /// - Parameters:
    ///   - job: claimed, with its lock held.
    ///   - events: where the attempt's events arrive; the dispatcher may add `.shutdown`.
    func run(
        _ job: ClaimedJob, lane: Lane, events: AsyncStream<AttemptEvent>,
        send: @escaping @Sendable (AttemptEvent) -> Void
    ) async -> Outcome {
        workshop.heartbeats.add(job.id, lock: job.lock) { send(.heartbeat($0)) }
        defer { workshop.heartbeats.remove(job.id) }
        log(.info, "job running", job.id, ["attempt": "\(job.attempt)", "lane": "\(lane.rawValue)"])
        return await attempt(job, lane, events, send)
    }

    private func attempt(
        _ job: ClaimedJob, _ lane: Lane, _ events: AsyncStream<AttemptEvent>,
        _ send: @escaping @Sendable (AttemptEvent) -> Void
    ) async -> Outcome {
        var machine = JobMachine(
            state: .queued, attempt: job.attempt - 1, failures: job.run.failures, crashes: job.run.crashes,
            maximumAttempts: job.request.maximumAttempts)
        _ = machine.handle(.claim, policy: workshop.policy)
        return await withTaskGroup(of: Void.self) { group in
            var notes = AttemptNotes(remote: RemoteNotes(job.run))
            let remote = notes.remote
            if !remote.unwanted(isCanceled: false).isEmpty { workshop.canceler.look(at: job.id) }
            group.addTask { send(.returned(await yield(of: job, lane, remote, send))) }
            for await event in events {
                if case .shutdown = event {
                    // What runs elsewhere may just be answered for: what this attempt leaves is known once it is over.
                    group.cancelAll()
                    await group.waitForAll()
                }
                guard let jobEvent = await translate(event, job, &notes) else { continue }
                let effects = machine.handle(jobEvent, policy: workshop.policy, jitter: Self.jitter(for: jobEvent))
                if case .reportProgress(let percent)? = effects.first {
                    notes.percent = percent
                    await report(percent, job, &notes.throttle)
                    continue
                }
                guard let ending = effects.first(where: Self.leavesRunning) else { continue }
                if effects.contains(.stopBackend) {
                    group.cancelAll()
                    await group.waitForAll()
                }
                onBackendEnd()
                return await Ending(workshop, job, notes).perform(ending, because: jobEvent)
            }
            // The task was cancelled: the process stops, however it was told to.
            group.cancelAll()
            await group.waitForAll()
            let shutdown = Self.shutdown(job, notes)
            let effects = machine.handle(shutdown, policy: workshop.policy)
            guard let ending = effects.first(where: Self.leavesRunning) else { return .gone }
            return await Ending(workshop, job, notes).perform(ending, because: shutdown)
        }
    }

    /// Runs the backend, checks what it made, and publishes it.
    private func yield(
        of job: ClaimedJob, _ lane: Lane, _ remote: RemoteNotes, _ send: @escaping @Sendable (AttemptEvent) -> Void
    ) async -> Result<AttemptYield, any Error> {
        let artifacts: [Artifact]
        switch await produce(job, lane, remote, send) {
        case .success(let made): artifacts = made
        case .failure(let error): return .failure(error)
        }
        guard workshop.publisher.isWanted, !artifacts.isEmpty else {
            return .success(AttemptYield(artifacts: artifacts))
        }
        do {
            let folder = folder
            // The local copy first: from here on the job may end as done, whatever becomes of the storage.
            let paths = folder.storedFiles(artifacts, of: job.id, job.attempt).map(\.name)
            try await BlockingWork.run { try folder.keep(paths, of: job) }
            let publication = try await workshop.publisher.publish(artifacts, of: job) {
                send(.backend($0))
            } onEntry: {
                send(.made(AttemptYield(artifacts: artifacts, publication: $0)))
            }
            return .success(AttemptYield(artifacts: artifacts, publication: publication))
        } catch {
            return .failure(error)
        }
    }

    /// Runs the backend and checks what it made.
    private func produce(
        _ job: ClaimedJob, _ lane: Lane, _ remote: RemoteNotes, _ send: @escaping @Sendable (AttemptEvent) -> Void
    ) async -> Result<[Artifact], any Error> {
        guard let backend = workshop.registry.backend(for: lane) else {
            return .failure(workshop.registry.missing(lane, job.request.type))
        }
        do {
            let scratch = SpoolLayout.scratch(job.id, attempt: job.attempt)
            let needed = try await needed(by: job)
            let check = ArtifactCheck(folder: folder, gate: workshop.registry.gate, scratch: scratch)
            return .success(
                try await check.artifacts { finished in
                    let request = BackendRequest(
                        jobID: job.id, attempt: job.attempt, work: job.request.work, seed: job.seed,
                        scratch: folder.absolute(scratch), inputs: folder.absolute(SpoolLayout.inputs(job.id)),
                        needed: needed, cache: folder.absolute(SpoolLayout.cache),
                        recipe: Recipe(job.document, job.request, lane: lane, seed: job.seed),
                        params: job.document[.params]?.object ?? [:], profile: job.request.profile,
                        remote: remote.current, remember: { try await remember($0, of: job, remote) },
                        finished: finished)
                    return try await backend.run(request) { send(.backend($0)) }
                })
        } catch {
            return .failure(error)
        }
    }

    /// Does not give up before it is on the disk, except when the attempt ends.
    private func remember(_ record: RemoteRecord, of job: ClaimedJob, _ remote: RemoteNotes) async throws {
        let folder = folder
        remote.note(record)
        while true {
            do {
                return try await BlockingWork.run { try folder.remember(record, of: job) }
            } catch let error as FileError {
                log(.error, "a run elsewhere could not be recorded", job.id, ["error": "\(error)"])
                // Before anything was sent there is nothing to lose.
                guard record.id != nil, !error.isMissing else { throw error }
                try await Task.sleep(for: Ending.patience)
            }
        }
    }

    /// The daemon stops: what runs elsewhere goes on, what runs here goes back.
    private static func shutdown(_ job: ClaimedJob, _ notes: AttemptNotes) -> JobEvent {
        // What was made is kept; what of it is not in object storage waits for the next start.
        if notes.yield != nil { return .succeeded(attempt: job.attempt) }
        let goesOn = notes.remote.current?.isAttachable ?? false
        return goesOn ? .detach(attempt: job.attempt) : .shutdown(attempt: job.attempt)
    }

    /// What the jobs that this one needs have made.
    private func needed(by job: ClaimedJob) async throws -> [JobID: [NeededArtifact]] {
        guard !job.request.needs.isEmpty else { return [:] }
        let (folder, needs) = (folder, job.request.needs)
        return try await BlockingWork.run {
            var needed: [JobID: [NeededArtifact]] = [:]
            for id in needs {
                guard let place = try folder.place(of: id), place.state == .done,
                    let document = try folder.document(id, at: place)
                else {
                    throw Failure(.dependencyFailed, "The job needs \(id), which is done no more.")
                }
                let scratch = SpoolLayout.scratch(id, attempt: document.attempt)
                needed[id] = document.artifacts.map {
                    NeededArtifact(
                        name: $0.name, kind: $0.kind, path: folder.absolute("\(scratch)/\($0.name)"), sha256: $0.sha256)
                }
            }
            return needed
        }
    }

    /// What an event means in the machine's words; nil when it changes nothing.
    private func translate(
        _ event: AttemptEvent, _ job: ClaimedJob, _ notes: inout AttemptNotes
    ) async -> JobEvent? {
        switch event {
        case .backend(.progress(let percent, let message)):
            notes.throttle.message = message
            return .progress(attempt: job.attempt, percent: percent)
        case .backend(.standing(let hint, let message)):
            notes.throttle.message = message
            let (folder, percent) = (folder, notes.percent)
            try? await BlockingWork.run { try folder.report(percent, message, hint: hint, of: job) }
            return nil
        case .backend(.startedProcessGroup(let group)):
            let folder = folder
            try? await BlockingWork.run { try folder.record(processGroup: group, of: job) }
            return nil
        case .backend(.log(let line)):
            await note(line, job.id)
            return nil
        case .backend(.warning(let text)):
            notes.warnings.add(text)
            await note("warning: \(text)", job.id)
            return nil
        case .made(let made):
            notes.yield = made
            return nil
        case .returned(.success(let made)):
            notes.yield = made
            return .succeeded(attempt: job.attempt)
        case .returned(.failure(let error)):
            // Nobody but the process's end cancels an attempt that still listens to its events.
            if error is CancellationError { return Self.shutdown(job, notes) }
            return .failed(attempt: job.attempt, Self.failure(error))
        case .heartbeat(.silent(let silence)): return .silence(attempt: job.attempt, silence)
        case .heartbeat(.lost):
            let folder = folder
            let state = try? await BlockingWork.run { try folder.state(of: job.id) }
            return state == .canceled ? .cancel : .release
        // What was made and checked is kept: only its upload is still under way.
        case .stop(let failure): return notes.yield == nil ? .failed(attempt: job.attempt, failure) : nil
        case .shutdown: return Self.shutdown(job, notes)
        }
    }

    /// Chance spreads only the delays of retries, and costs a system call.
    private static func jitter(for event: JobEvent) -> Double {
        if case .failed = event { .random(in: 0..<1) } else { 0 }
    }

    private static func leavesRunning(_ effect: JobEffect) -> Bool {
        switch effect {
        case .end, .requeue, .leaveRunning: true
        case .startBackend, .attachBackend, .reportProgress, .stopBackend, .removeScratch, .discardLateResult: false
        }
    }

    private static func failure(_ error: any Error) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let error as FileError: error.failure
        default: Failure(.internalError, "The backend stopped: \(error).")
        }
    }

    /// The index and people read progress from a file; once a second is enough.
    private func report(_ percent: Int, _ job: ClaimedJob, _ throttle: inout ProgressThrottle) async {
        guard throttle.isDue(at: BootClock.now()) else { return }
        let (folder, message) = (folder, throttle.message)
        // Progress is comfort: a disk that does not take it will be met again by the ending.
        try? await BlockingWork.run { try folder.report(percent, message, of: job) }
    }

    /// A line for people in the job's log; losing one loses nothing.
    private func note(_ line: String, _ id: JobID) async {
        let folder = folder
        try? await BlockingWork.run { try folder.log(line, id) }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ id: JobID, _ facts: Logger.Metadata) {
        workshop.logger.log(level: level, message, metadata: facts.merging(["job.id": "\(id)"]) { first, _ in first })
    }
}
