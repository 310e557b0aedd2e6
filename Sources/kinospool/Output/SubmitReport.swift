import JobCore

/// Tells what `submit` brought about: ids as data, refusals as messages.
struct SubmitReport {
    let console: Console
    private var count = 0
    private var refusals: [(source: String, failure: Failure)] = []

    init(console: Console) { self.console = console }

    mutating func queued(_ id: JobID) {
        count += 1
        if console.isJSON {
            console.data(["v": 1, "job_id": .string(id.text), "status": .string(JobState.queued.statusName)])
        } else {
            console.data(id.text)
        }
    }

    mutating func refused(_ source: String, _ failure: Failure) {
        refusals.append((source, failure))
        if console.isJSON {
            console.report(
                CommandError(
                    .failed, failure.code.rawValue, "\(source): \(failure.message)", hint: failure.hint,
                    isRetryable: failure.isRetryable))
        }
    }

    /// Sums up. - Returns: the exit code of it all.
    func finish() -> Exit {
        let texts = refusals.map { TerminalText.plain("\($0.source): \($0.failure.message)") }
        if !console.isJSON {
            switch texts.count {
            case 0: console.note("\(count) queued")
            case 1: console.error("\(count) queued, 1 refused: \(texts[0])")
            default:
                console.error("\(count) queued, \(texts.count) refused:")
                for text in texts { console.error("  \(text)") }
            }
            if let hint = refusals.first?.failure.hint, !hint.isEmpty { console.note("hint: \(hint)") }
        }
        if refusals.isEmpty { return .done }
        return count > 0 ? .partly : .failed
    }
}
