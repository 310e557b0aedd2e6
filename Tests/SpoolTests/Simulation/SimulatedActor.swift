import JobCore
import Spool
import TestSupport

/// One process of a simulation: it carries out its wishes through the product and writes down what it was told.
struct SimulatedActor: Sendable {
    let plan: SimulationPlan.Actor
    let folder: SpoolFolder
    let disk: FakeDisk
    let history: History

    private static let id = SpoolWorld.id

    /// Everything it wishes, until it dies.
    func act() {
        for wish in plan.wishes where !disk.isDead {
            guard case .claim(let ending) = wish else {
                history.record(plan.name, wish) { answer { try told(wish) } }
                continue
            }
            work(ending)
        }
    }

    /// Nil when it died before it could hear the answer.
    private func answer(_ body: () throws -> Answer) -> Answer? {
        let answer: Answer
        do {
            answer = try body()
        } catch {
            answer = .threw("\(error)")
        }
        return disk.isDead ? nil : answer
    }

    private func told(_ wish: Wish) throws -> Answer {
        switch wish {
        case .submit:
            let submission = Submission(document: SpoolWorld.document(), naming: .exactly(Self.id))
            switch folder.submit([submission])[0] {
            case .success: return .accepted
            case .failure(let failure): return .refused(failure.message)
            }
        case .cancel:
            switch try folder.cancel(Self.id) {
            case .canceled: return .canceled
            case .ended(let state): return .ended(state)
            case .missing: return .missing
            }
        case .retry: return try retry()
        case .delete:
            switch try folder.delete(Self.id) {
            case .deleted: return .deleted
            case .running: return .running
            case .missing: return .missing
            }
        case .look: return .seen(try folder.state(of: Self.id))
        case .failSilent:
            guard let attempt = try folder.document(Self.id, in: .running)?.attempt else { return .no }
            let isFailed = try folder.failSilent(Self.id, attempt: attempt, SpoolWorld.failure)
            return isFailed ? .failedAttempt(attempt) : .no
        case .repair:
            // As the monitor and the daemon's first look do: what runs without an owner, and what was canceled.
            guard let state = try folder.state(of: Self.id), state == .running || state == .canceled else {
                return .repaired([])
            }
            return .repaired(try folder.repair(Self.id, policy: Policy()) { _ in })
        case .forget:
            guard try folder.state(of: Self.id) == nil else { return .no }
            return try folder.forget(Self.id) == .forgotten ? .yes : .no
        case .move(let old, let new):
            return try byHand(old) { token throws(FileError) in
                try disk.rename(token, SpoolLayout.token(Self.id, in: new), .noReplace)
            }
        case .remove(let state):
            return try byHand(state) { token throws(FileError) in try disk.remove(token) }
        case .archive:
            for state in JobState.allCases where state.isFinal { _ = folder.archive([Self.id], in: state) }
            return .yes
        case .tidy:
            for place in try folder.dayFolders() { _ = try folder.tidy(place) }
            return .yes
        case .claim, .end: return .no
        }
    }

    /// In the folder of the state, else in the day folder, else once more: that is what a person sees who looks.
    private func byHand(_ state: JobState, _ body: (String) throws(FileError) -> Void) throws -> Answer {
        let day = JobPlace(state, on: Day(of: ManualClock().now))
        for place in [JobPlace(state), day, JobPlace(state)] {
            do throws(FileError) {
                try body(SpoolLayout.token(Self.id, at: place))
                return .yes
            } catch {
                guard error.isMissing else { throw error }
            }
        }
        return .no
    }

    private func retry() throws -> Answer {
        do {
            try folder.retry(Self.id)
            return .yes
        } catch {
            if error.message.contains("There is no job") { return .missing }
            for state in JobState.allCases where error.message.contains("is \(state.rawValue);") {
                return .ended(state)
            }
            return error.code == .invalidJob ? .refused(error.message) : .threw(error.message)
        }
    }

    private func work(_ ending: Wish.Ending) {
        var claimed: ClaimedJob?
        history.record(plan.name, .claim(ending)) {
            let answer = answer {
                switch try folder.claim(Self.id, owner: SpoolWorld.owner) {
                case .claimed(let job):
                    claimed = job
                    return .claimed(job.attempt)
                case .busy: return .notClaimed("busy")
                case .gone: return .notClaimed("gone")
                case .refused(let failure): return .threw(failure.message)
                }
            }
            if case .claimed? = answer { history.begin(plan.name) }
            return answer
        }
        guard let job = claimed, !disk.isDead else { return }
        _ = try? disk.create("\(SpoolLayout.scratch(job.id, attempt: job.attempt))/film.mp4", SpoolWorld.movie)
        history.record(plan.name, .end(ending, attempt: job.attempt)) {
            defer { history.end(plan.name) }
            return answer { try end(job, ending) }
        }
        // A person may have let its folder vanish: then nothing was made, and nothing is owned.
        history.end(plan.name)
    }

    private func end(_ job: ClaimedJob, _ ending: Wish.Ending) throws -> Answer {
        let film = Artifact(name: "film.mp4", kind: .video, bytes: Int64(SpoolWorld.movie.count), sha256: "")
        let outcome: JobEnding.Outcome
        switch ending {
        case .requeue: return try folder.requeue(job, after: .zero, .failure, SpoolWorld.failure) ? .yes : .no
        case .done: outcome = .done([film])
        case .failed: outcome = .failed(SpoolWorld.failure)
        }
        // A worker tries again what could not be recorded: a late cancel may have taken `final.json` away.
        for _ in 0..<8 {
            switch folder.finish([JobEnding(job, outcome)])[0] {
            case .recorded: return .yes
            case .lost: return .no
            case .failed(let error): if disk.isDead { throw error }
            }
        }
        return .threw("the ending was refused again and again")
    }
}
