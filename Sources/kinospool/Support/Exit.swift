/// Every exit code of every command, with its sentence: the table that scripts match on.
///
/// It may grow; a code that a script does not know is a failure.
enum Exit: Int32, CaseIterable, Sendable {
    case done = 0
    case failed = 1
    case jobFailed = 2
    case jobCanceled = 3
    case partly = 4
    case noSuchJob = 5
    case unreachable = 6
    case problemsFound = 7
    case timedOut = 8
    case usage = 64
    case tryAgain = 75
    case notAllowed = 77
    case configuration = 78
    case interrupted = 130

    /// What it tells, in one sentence.
    var sentence: String {
        switch self {
        case .done: "Done."
        case .failed: "Failed, for a reason that no other code names."
        case .jobFailed: "The awaited job failed."
        case .jobCanceled: "The awaited job was canceled."
        case .partly: "Partly done: some of several failed."
        case .noSuchJob: "There is no such job."
        case .unreachable: "The spool cannot be reached, or another daemon holds it."
        case .problemsFound: "Problems were found."
        case .timedOut: "Timed out."
        case .usage: "Wrong usage."
        case .tryAgain: "Not now; try again later."
        case .notAllowed: "Not allowed."
        case .configuration: "Wrong configuration."
        case .interrupted: "Interrupted by Ctrl-C."
        }
    }

    /// The whole table, one line each.
    static var table: String {
        allCases.map { exit in
            let number = String(exit.rawValue)
            return String(repeating: " ", count: 5 - number.count) + number + "  " + exit.sentence
        }.joined(separator: "\n")
    }
}
