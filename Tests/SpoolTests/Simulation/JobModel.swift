import JobCore

/// What a job is to its users: the sequential model that every history must agree with.
struct JobModel: Hashable, Sendable {
    /// Nil: there is no job.
    var place: JobState?
    /// The attempt that runs, 0 when nobody can tell its number.
    var attempt = 0
    /// The ending of which the file still tells after a person moved it back by hand. A worker that dies before it has
    /// rewritten the file leaves what looks like an ending cut short, and that is carried out once more.
    var told: JobState?
    /// It was taken out of `canceled/` while a cancel was still under way: that wish may be carried out once more.
    var isWished = false
    /// Whoever canceled it was told that it is missing: somebody must have removed it right after.
    var mustVanish = false

    /// What may be after one operation; empty when it cannot have been answered like that.
    ///
    /// - Parameters:
    ///   - answer: nil when nobody knows: then these are the effects it may have had.
    ///   - isBesideCancel: somebody cancels at the same time.
    ///   - isBesideSilence: the monitor fails a silent attempt at the same time. Where it hits a later one, it takes
    ///     that to `failed/` and back; an owner that ends its job in that moment has lost it, and it runs again.
    func after(_ wish: Wish, _ answer: Answer?, isBesideCancel: Bool, isBesideSilence: Bool) -> [JobModel] {
        if isBesideSilence, place == .running {
            switch (wish, answer) {
            case (.end, .no), (.look, .seen(.failed)), (.cancel, .ended(.failed)): return [self]
            default: break
            }
        }
        let models = after(wish, answer)
        guard place == .canceled, isBesideCancel else { return models }
        return models.map { model in
            var model = model
            model.isWished = model.place == .queued
            return model
        }
    }

    private func after(_ wish: Wish, _ answer: Answer?) -> [JobModel] {
        guard let answer else { return effects(of: wish) }
        switch (wish, answer) {
        // Whoever reads an error knows nothing.
        case (_, .threw): return [self] + effects(of: wish)
        case (.submit, .accepted): return place == nil ? moved(to: .queued) : [self]
        case (.cancel, .canceled): return place == .canceled ? [self] : effects(of: wish)
        case (.cancel, .ended(let state)): return place == state && state.isFinal ? [self] : []
        // A claim may carry out the wish before the one who wished it looks again, and a delete come between.
        case (.cancel, .missing) where place != nil:
            return effects(of: wish).map { JobModel(place: $0.place, mustVanish: true) }
        case (.cancel, .missing), (.delete, .missing): return place == nil ? [self] : []
        case (.delete, .running): return place == .running ? [self] : []
        case (.delete, .deleted), (.retry, .yes), (.end, .yes), (.move, .yes), (.remove, .yes):
            return effects(of: wish)
        case (.retry, .missing): return place == nil ? [self] : []
        case (.retry, .ended(let state)): return place == state && !state.isFinal ? [self] : []
        case (.look, .seen(let state)): return place == state ? [self] : []
        case (.claim, .claimed(let attempt)):
            return place == .queued ? [JobModel(place: .running, attempt: attempt)] : []
        // Whoever does not get the lock touches nothing.
        case (.claim, .notClaimed("busy")): return [self]
        // It may have had it for a moment, until somebody took it away.
        case (.claim, .notClaimed): return [self] + effects(of: wish) + canceledAgain
        case (.end(_, let attempt), .no): return place == .running && self.attempt == attempt ? [] : [self]
        case (.failSilent, .failedAttempt(let attempt)): return isRunning(attempt) ? moved(to: .failed) : []
        case (.repair, .repaired(let steps)): return [self] + repaired(steps) + canceledAgain
        case (.move(let old, _), .no), (.remove(let old), .no): return place == old ? [] : [self]
        case (.submit, .refused), (.retry, .refused), (.failSilent, .no), (.forget, _),
            (.archive, _), (.tidy, _):
            return [self]
        default: return []
        }
    }

    private var canceledAgain: [JobModel] { isWished ? moved(to: .canceled) : [] }

    /// What a power cut leaves that takes back what nobody was promised.
    ///
    /// A cancel that found nothing because a person had just removed the file leaves its wish on the disk. Where the
    /// cut brings the file back, the wish is carried out: who canceled it, and who removed it, wants it gone.
    func afterCut(losing operations: [Operation]) -> JobModel {
        var model = self
        let isRemoved = operations.contains { if case .remove = $0.wish { $0.answer == .yes } else { false } }
        let isMissed = operations.contains { $0.wish == .cancel && $0.answer == .missing }
        if isRemoved, isMissed, place == .queued || place == .running { model.isWished = true }
        return model
    }

    /// Where a recovery with nobody else alive may bring it.
    var afterRecovery: Set<JobState?> {
        if mustVanish { return [] }
        let places: Set<JobState?> = place == .running ? [.queued, .failed, told ?? .queued] : [place]
        return isWished ? places.union([.canceled]) : places
    }

    private func isOwned(_ attempt: Int) -> Bool { place == .running && self.attempt == attempt }

    private func isRunning(_ attempt: Int) -> Bool {
        place == .running && (self.attempt == attempt || self.attempt == 0)
    }

    private func moved(to state: JobState?) -> [JobModel] {
        [JobModel(place: state, mustVanish: state != nil && mustVanish)]
    }

    private func effects(of wish: Wish) -> [JobModel] {
        switch wish {
        case .submit: return place == nil ? moved(to: .queued) : []
        case .cancel: return place == .queued || place == .running ? moved(to: .canceled) : []
        case .retry: return place?.isFinal == true ? moved(to: .queued) : []
        case .delete: return place == nil || place == .running ? [] : moved(to: nil)
        case .claim: return place == .queued ? [JobModel(place: .running, told: told, isWished: isWished)] : []
        case .end(.done, let attempt): return isOwned(attempt) ? moved(to: .done) : []
        case .end(.failed, let attempt): return isOwned(attempt) ? moved(to: .failed) : []
        case .end(.requeue, let attempt): return isOwned(attempt) ? moved(to: .queued) : []
        case .failSilent: return place == .running ? moved(to: .failed) : []
        case .repair: return place == .running ? moved(to: .queued) + moved(to: .failed) : []
        case .move(let old, let new):
            let moved = JobModel(place: new, told: old.isFinal ? old : told, isWished: isWished)
            return place == old ? [moved] : []
        case .remove(let old): return place == old ? moved(to: nil) : []
        case .look, .forget, .archive, .tidy: return []
        }
    }

    /// The steps of a repair that are its own; a cancel or an ending that it finishes is an effect of that wish.
    private func repaired(_ steps: [RepairStep]) -> [JobModel] {
        guard place == .running else { return [] }
        return steps.flatMap { step in
            switch step {
            case .requeue: moved(to: .queued)
            case .fail: moved(to: .failed)
            case .finish(let state) where state == told: moved(to: state)
            default: [JobModel]()
            }
        }
    }
}
