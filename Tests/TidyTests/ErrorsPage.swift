import JobCore

/// `Documentation/errors.md`, as the table in the code gives it.
enum ErrorsPage {
    static let path = "Documentation/errors.md"

    static var text: String {
        let head = """
            # Errors

            Every error carries the same four things, in job files, on the command line and in JSON: `code`, `message`,
            `hint`, `retryable`. The code is what scripts match on and never changes; the message says what failed, on
            what and why; the hint is the command or setting that mends it.

            A retryable failure is tried again by itself, after a growing pause, while the job's `max_attempts` allow
            it; every other failure waits for a person. `worker_timeout` is retryable, but Kinospool does not try
            again by itself: who was silent for so long may be so again.

            A file that cannot become a job goes to `quarantine/` as `NAME.LETTERS`, with its error beside it in
            `NAME.LETTERS.why.json`. A job that was accepted and then failed lies in `failed/`, with its error in the
            job file under `error`; errors of attempts that were tried again stay under `errors`.

            | code | retryable | what happened | what mends it, if nothing better is known |
            |---|---|---|---|

            """
        let rows = FailureCode.allCases.map { code in
            "| `\(code.rawValue)` | \(code.isRetryable ? "yes" : "no") | \(code.sentence) | \(code.hint) |\n"
        }
        let foot = """

            This page is written from the table in `Sources/JobCore/Job/FailureCode.swift`; after a change there, run
            `Scripts/test --record`.

            """
        return head + rows.joined() + foot
    }
}
