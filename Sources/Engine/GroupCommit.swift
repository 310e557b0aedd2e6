import Spool

/// Gathers what waits while the last batch is being written, and writes it as one: the more waits, the less each pays.
///
/// Nobody is made to wait for company: on an idle disk an item is written at once. Whoever leads writes one batch in
/// its own task and then hands the lead to the first who came meanwhile, so no task runs without an owner.
actor GroupCommit<Item: Sendable, Answer: Sendable> {
    private enum Turn: Sendable {
        case lead
        case answer(Answer)
    }

    private struct Waiting {
        let item: Item
        let continuation: CheckedContinuation<Turn, Never>
    }

    /// A batch holds at most this many items.
    static var batchLimit: Int { 64 }

    private let write: @Sendable ([Item]) -> [Answer]
    private let limit: Int
    private var waiting: [Waiting] = []
    /// Batches that are being written.
    private var writers = 0

    /// - Parameters:
    ///   - limit: batches that may be written at the same time: while one waits for the disk, the next is made ready.
    ///   - write: blocking; answers once for each item, in order.
    init(limit: Int = 1, write: @escaping @Sendable ([Item]) -> [Answer]) { (self.limit, self.write) = (limit, write) }

    /// How many wait for the batch that is being written.
    var waitingCount: Int { waiting.count }

    /// Writes one item, alone or with others.
    func commit(_ item: Item) async -> Answer? {
        if writers == limit {
            let turn = await withCheckedContinuation { waiting.append(Waiting(item: item, continuation: $0)) }
            if case .answer(let answer) = turn { return answer }
        } else {
            writers += 1
        }
        let company = Array(waiting.prefix(Self.batchLimit - 1))
        waiting.removeFirst(company.count)
        let items = [item] + company.map(\.item)
        let answers = await BlockingWork.value { [write] in write(items) }
        for (waiting, answer) in zip(company, answers.dropFirst()) {
            waiting.continuation.resume(returning: .answer(answer))
        }
        if waiting.isEmpty { writers -= 1 } else { waiting.removeFirst().continuation.resume(returning: .lead) }
        return answers.first
    }
}
