import JobCore

/// What the steps of a plan do to what lies on the disk.
struct EvidenceModel {
    private(set) var evidence: JobEvidence

    init(_ evidence: JobEvidence) { self.evidence = evidence }

    mutating func perform(_ step: RepairStep) {
        switch step {
        case .setAsideToken(let state): evidence.tokens.removeAll { $0.state == state }
        case .restoreToken(let state, let source):
            evidence.tokens.removeAll { $0.state == state }
            evidence.tokens.append(restored(state, source))
        case .dropCancelWish: evidence.cancelRev = nil
        case .cancel(let state):
            change(state) { $0.state = .canceled }
            scrub()
        case .scrubCanceled: scrub()
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
        case .stopProcesses: break
        case .removeScratch(let attempt): evidence.scratches.removeAll { $0 == attempt }
        }
    }

    private func restored(_ state: JobState, _ source: RepairStep.Source) -> JobEvidence.Token {
        switch source {
        case .birth: JobEvidence.Token(state: state, isScrubbed: false)
        case .final:
            JobEvidence.Token(
                state: state, rev: evidence.final?.rev ?? 0, attempt: evidence.final?.attempt ?? 0,
                outcome: evidence.final?.outcome, isScrubbed: false)
        }
    }

    private mutating func scrub() {
        let wish = evidence.cancelRev
        change(.canceled) { token in
            token.rev = max(token.rev + 1, wish == .max ? 0 : wish ?? 0)
            (token.outcome, token.isScrubbed) = (.canceled, true)
        }
        (evidence.cancelRev, evidence.final) = (nil, nil)
    }

    private mutating func change(_ state: JobState, _ body: (inout JobEvidence.Token) -> Void) {
        for index in evidence.tokens.indices where evidence.tokens[index].state == state {
            body(&evidence.tokens[index])
        }
    }
}
