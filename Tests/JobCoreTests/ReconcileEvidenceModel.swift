import JobCore

/// What the steps of a plan do to what lies on the disk.
struct EvidenceModel {
    private(set) var evidence: JobEvidence

    init(_ evidence: JobEvidence) { self.evidence = evidence }

    mutating func perform(_ step: RepairStep) {
        switch step {
        case .setAsideToken(let place): evidence.tokens.removeAll { $0.place == place }
        case .restoreToken(let place, let source):
            evidence.tokens.removeAll { $0.place == place }
            evidence.tokens.append(restored(place, source))
        case .dropCancelWish: evidence.cancelRev = nil
        case .cancel(let state):
            change(state) { $0.state = .canceled }
            scrub()
        case .scrubCanceled: scrub()
        case .dropOutcome: evidence.final = nil
        case .finish(let outcome):
            let final = evidence.final
            change(.running) { token in
                (token.state, token.outcome) = (outcome, outcome)
                (token.rev, token.attempt) = (final?.rev ?? 0, final?.attempt ?? 0)
                token.isReadable = true
            }
        case .requeue(let accounting):
            if accounting == .crash { evidence.run?.noteCrash() }
            change(.running) { token in
                (token.state, token.rev, token.outcome) = (.queued, token.rev + 1, nil)
            }
        case .fail:
            change(.running) { token in
                (token.state, token.rev, token.outcome) = (.failed, token.rev + 1, .failed)
            }
        case .delete: evidence = JobEvidence(tokens: [], hasBirth: false)
        case .attach: evidence.isOwned = true
        case .stopProcesses: break
        case .removeScratch(let attempt): evidence.scratches.removeAll { $0 == attempt }
        }
    }

    private func restored(_ place: JobPlace, _ source: RepairStep.Source) -> JobEvidence.Token {
        switch source {
        case .birth: JobEvidence.Token(state: place.state, day: place.day, isScrubbed: false)
        case .final:
            JobEvidence.Token(
                state: place.state, day: place.day, rev: evidence.final?.rev ?? 0,
                attempt: evidence.final?.attempt ?? 0,
                outcome: evidence.final?.outcome, isScrubbed: evidence.final?.outcome == .canceled)
        }
    }

    private mutating func scrub() {
        let (wish, recorded) = (evidence.cancelRev, max(evidence.final?.rev ?? 0, evidence.run?.rev ?? 0))
        change(.canceled) { token in
            token.rev = max(token.rev + 1, wish == .max ? 0 : wish ?? 0, recorded)
            (token.outcome, token.isScrubbed, token.day) = (.canceled, true, nil)
        }
        (evidence.cancelRev, evidence.final) = (nil, nil)
    }

    private mutating func change(_ state: JobState, _ body: (inout JobEvidence.Token) -> Void) {
        for index in evidence.tokens.indices where evidence.tokens[index].state == state {
            body(&evidence.tokens[index])
        }
    }
}
