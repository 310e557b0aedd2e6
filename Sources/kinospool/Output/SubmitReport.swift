import JobCore

/// Tells what `submit` brought about: ids as data, refusals as messages.
struct SubmitReport {
    let console: Console
    private var count = 0
    private var refusals: [(text: String, hint: String)] = []

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
        refused(
            CommandError(
                .failed, failure.code.rawValue, "\(source): \(failure.message)", hint: failure.hint,
                isRetryable: failure.isRetryable))
    }

    /// A film has no recipe that could be queued.
    mutating func refused(_ problem: RecipeProblem) { refused(CommandError(problem)) }

    private mutating func refused(_ problem: CommandError) {
        refusals.append((problem.message, problem.hint))
        if console.isJSON { console.report(problem) }
    }

    /// Sums up. - Returns: the exit code of it all.
    func finish() -> Exit {
        let texts = refusals.map { TerminalText.plain($0.text) }
        if !console.isJSON {
            switch texts.count {
            case 0: console.note("\(count) queued")
            case 1: console.error("\(count) queued, 1 refused: \(texts[0])")
            default:
                console.error("\(count) queued, \(texts.count) refused:")
                for text in texts { console.error("  \(text)") }
            }
            if let hint = refusals.first?.hint, !hint.isEmpty { console.note("hint: \(hint)") }
        }
        if refusals.isEmpty { return .done }
        return count > 0 ? .partly : .failed
    }
}
