/// Decides how a job that a crash, a restore or a person left half-way becomes whole. Pure: evidence in, steps out.
///
/// Invariants:
/// 1. A job that somebody alive owns is left alone.
/// 2. After the steps the job has exactly one token (or, without any readable trace of it, none).
/// 3. An outcome that reached the disk is carried out, never run again.
/// 4. A wish to cancel that reached the disk is honoured unless the job had ended first.
/// 5. Running the steps twice changes nothing: the plan for a whole job is empty, but for work that waits for an owner.
/// 6. Work that goes on elsewhere and may have been paid for is never started again: it gets an owner.
/// 7. A canceled token of an earlier life, as copies keep them, gives way to what the record says of a later one.
public enum Reconcile {
    /// The steps for one job, in order.
    public static func plan(_ evidence: JobEvidence, policy: Policy) -> [RepairStep] {
        guard !evidence.isOwned else { return [] }
        guard let winner = evidence.tokens.max(by: isOlder) else { return restored(evidence) }
        var steps = evidence.tokens.filter { $0 != winner }.map { RepairStep.setAsideToken($0.place) }
        var token = winner
        if !token.isReadable {
            guard let source = source(for: token.state, evidence) else { return steps }
            // Done is worth nothing without the list of what was made: such a job runs again.
            if token.state == .done, source == .birth {
                // A wish could only have come too late.
                var rest = evidence
                rest.cancelRev = nil
                return steps + (evidence.cancelRev == nil ? [] : [.dropCancelWish]) + restored(rest)
                    + [.setAsideToken(token.place)]
            }
            steps.append(.restoreToken(token.place, from: source))
            token.rev = source == .final ? evidence.final?.rev ?? 0 : 0
            token.outcome = source == .final ? evidence.final?.outcome : nil
            token.attempt = source == .final ? evidence.final?.attempt ?? 0 : 0
            token.isScrubbed = token.outcome == .canceled
        }
        return steps + settled(token, evidence, policy)
    }

    /// What reads counts more than what does not. A higher rev is newer; of equal ones the folder that rsync reads
    /// later is (design: restore), and it reads a day folder after the folder around it.
    private static func isOlder(_ left: JobEvidence.Token, _ right: JobEvidence.Token) -> Bool {
        (left.isReadable ? 1 : 0, left.rev, SpoolLayout.folder(of: left.place))
            < (right.isReadable ? 1 : 0, right.rev, SpoolLayout.folder(of: right.place))
    }

    private static func source(for state: JobState, _ evidence: JobEvidence) -> RepairStep.Source? {
        if let final = evidence.final, final.outcome == state { return .final }
        return evidence.hasBirth ? .birth : nil
    }

    private static func settled(_ token: JobEvidence.Token, _ evidence: JobEvidence, _ policy: Policy) -> [RepairStep] {
        let isWished = evidence.cancelRev.map { $0 > token.rev } ?? false
        switch token.state {
        case .queued:
            if isWished { return [.cancel(from: .queued), .scrubCanceled] + sweep(evidence) }
            return evidence.cancelRev == nil ? [] : [.dropCancelWish]
        case .running:
            if isWished { return [.cancel(from: .running), .scrubCanceled] + sweep(evidence) }
            return (evidence.cancelRev == nil ? [] : [.dropCancelWish]) + abandoned(token, evidence, policy)
        case .done:
            return interruptedRetry(token, evidence) + (evidence.cancelRev == nil ? [] : [.dropCancelWish])
        case .failed:
            return interruptedRetry(token, evidence) + (evidence.cancelRev == nil ? [] : [.dropCancelWish])
                + sweep(evidence)
        case .canceled:
            if let steps = laterLife(than: token, evidence) { return steps + [.setAsideToken(token.place)] }
            return (token.isScrubbed && !isWished ? leftOutcome(evidence) : [.scrubCanceled])
                + (evidence.cancelRev == nil ? [] : [.dropCancelWish]) + sweep(evidence)
        }
    }

    /// An ending that the cancel was quicker than; only a crash or a copy keeps its record.
    private static func leftOutcome(_ evidence: JobEvidence) -> [RepairStep] {
        evidence.final.map { endings.contains($0.outcome) } ?? false ? [.dropOutcome] : []
    }

    /// What the record says of a life after the one that the token says was canceled; nil where there was none.
    ///
    /// Within one life no record is newer than the canceled token: whoever cancels counts on from the running one's
    /// rev, as the ending does. A copy may have the token from before a retry, and the record from after it.
    private static func laterLife(than token: JobEvidence.Token, _ evidence: JobEvidence) -> [RepairStep]? {
        guard token.isScrubbed, !(evidence.run?.isDisowned ?? false) else { return nil }
        let endRev = evidence.final.map { endings.contains($0.outcome) ? $0.rev : 0 } ?? 0
        let newest = max(endRev, evidence.run?.rev ?? 0)
        guard newest > token.rev, evidence.cancelRev ?? 0 <= newest else { return nil }
        let steps = restored(evidence)
        return steps.contains { step in
            if case .restoreToken(let place, _) = step { place.state != .canceled } else { false }
        } ? steps : nil
    }

    /// A retry takes the outcome out of the token before its rename. Where it died between the two, nobody was
    /// promised another life, and the job gets its ending back.
    private static func interruptedRetry(_ token: JobEvidence.Token, _ evidence: JobEvidence) -> [RepairStep] {
        guard token.outcome == nil, evidence.final?.outcome == token.state else { return [] }
        return [.restoreToken(token.place, from: .final)]
    }

    /// How an attempt ends by itself. A canceled job that a person moved here may still have its record of that.
    private static let endings: [JobState] = [.done, .failed]

    /// A running token whose owner is dead.
    private static func abandoned(
        _ token: JobEvidence.Token, _ evidence: JobEvidence, _ policy: Policy
    ) -> [RepairStep] {
        // The outcome counts also where the power cut tore what the claim wrote without a sync: token or run record.
        let attempt = max(evidence.run?.attempt ?? 0, token.attempt)
        if let final = evidence.final, final.attempt == attempt, final.rev >= token.rev, endings.contains(final.outcome)
        {
            return (evidence.run.map { [.stopProcesses($0)] } ?? []) + [.finish(final.outcome)]
                + (final.outcome == .done ? [] : evidence.scratches.map { .removeScratch(attempt: $0) })
        }
        // Claimed by nobody yet, or the claim's record did not survive: nothing was started, nothing is used up. A
        // token newer than the record went back to the queue and was claimed again, or was on its way back.
        guard let run = evidence.run, run.attempt == token.attempt, token.rev <= run.rev else {
            return [.requeue(.nothing)]
        }
        // A person moved an ended job here: it runs again.
        guard token.outcome == nil else { return [.requeue(.nothing)] }
        var machine = JobMachine(
            state: .running, attempt: run.attempt, failures: run.failures, crashes: run.crashesInARow)
        let goesOn = run.remote?.isAttachable ?? false
        var steps: [RepairStep] = goesOn && run.processGroups.isEmpty ? [] : [.stopProcesses(run)]
        let event: JobEvent = goesOn ? .ownerLeft(attempt: run.attempt) : .ownerDied(attempt: run.attempt)
        for effect in machine.handle(event, policy: policy) {
            switch effect {
            case .attachBackend(let attempt): steps.append(.attach(attempt: attempt))
            case .requeue(_, let accounting): steps.append(.requeue(accounting))
            case .end(.failed(let failure)):
                steps += [.fail(failure)] + evidence.scratches.map { .removeScratch(attempt: $0) }
            case .removeScratch(let attempt)
            where evidence.scratches.contains(attempt) && !steps.contains(.removeScratch(attempt: attempt)):
                steps.append(.removeScratch(attempt: attempt))
            case .removeScratch, .stopBackend, .startBackend, .reportProgress, .discardLateResult, .end, .leaveRunning:
                break
            }
        }
        return steps
    }

    /// What attempts of a job without outputs left behind.
    private static func sweep(_ evidence: JobEvidence) -> [RepairStep] {
        guard !evidence.scratches.isEmpty else { return [] }
        return (evidence.run.map { [.stopProcesses($0)] } ?? [])
            + evidence.scratches.map { .removeScratch(attempt: $0) }
    }

    /// No token survived a torn copy: the newest trace in the record says where the job was.
    private static func restored(_ evidence: JobEvidence) -> [RepairStep] {
        if evidence.run?.isDisowned ?? false { return [.delete] }
        let finalRev = evidence.final?.rev ?? -1
        let runRev = evidence.run?.rev ?? -1
        if let cancelRev = evidence.cancelRev, evidence.hasBirth, cancelRev > max(finalRev, runRev) {
            return [.restoreToken(.canceled, from: .birth), .scrubCanceled] + sweep(evidence)
        }
        if let final = evidence.final, finalRev >= runRev {
            return [.restoreToken(JobPlace(final.outcome), from: .final)]
                + (evidence.cancelRev == nil ? [] : [.dropCancelWish])
                + (final.outcome == .done ? [] : sweep(evidence))
        }
        guard evidence.hasBirth else { return [] }
        return (evidence.cancelRev == nil ? [] : [.dropCancelWish]) + [.restoreToken(.queued, from: .birth)]
    }
}
