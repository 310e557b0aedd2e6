/// Counts what became of several jobs, for one exit code.
struct Tally: Sendable, Equatable {
    private(set) var done = 0
    private(set) var exits: [Exit] = []

    mutating func succeeded() { done += 1 }
    mutating func failed(_ exit: Exit) { exits.append(exit) }

    /// 0 when all went well, 4 when some did, else what they have in common, else 1.
    var exit: Exit {
        guard let first = exits.first else { return .done }
        if done > 0 { return .partly }
        return exits.allSatisfy { $0 == first } ? first : .failed
    }
}
