/// One line of a history: who wished what, when, and what came of it.
struct Operation: Sendable, CustomStringConvertible {
    let actor: String
    let wish: Wish
    /// Moments on the clock of the history.
    let invoked: Int
    var returned: Int?
    /// Nil when the actor died before it was answered.
    var answer: Answer?

    var description: String {
        let span = "\(invoked)–\(returned.map { "\($0)" } ?? "†")"
        return "\(span)  \(actor): \(wish) -> \(answer.map { "\($0)" } ?? "nobody knows")"
    }

    /// Its effect may be gone after a power cut, because nobody was promised anything.
    var isLosable: Bool {
        switch (wish, answer) {
        case (_, nil): false
        case (.submit, .accepted), (.cancel, .canceled), (.retry, .yes), (.delete, .deleted): false
        case (.end(let ending, _), .yes): ending == .requeue
        default: true
        }
    }
}
