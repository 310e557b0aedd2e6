import Synchronization

/// Who wished what, in the order in which it happened, and what was seen on the way.
final class History: Sendable {
    private struct Log: Sendable {
        var operations: [Operation] = []
        var moment = 0
        var owners: Set<String> = []
        var findings: [String] = []
    }

    private let log = Mutex(Log())

    var operations: [Operation] { log.withLock { $0.operations } }
    /// Invariants that were broken while the actors were at it.
    var findings: [String] { log.withLock { $0.findings } }

    func note(_ finding: String) {
        log.withLock { if !$0.findings.contains(finding) { $0.findings.append(finding) } }
    }

    /// Carries out a wish. - Parameter body: nil when the actor died on the way.
    @discardableResult
    func record(_ actor: String, _ wish: Wish, _ body: () -> Answer?) -> Answer? {
        let index = log.withLock { log in
            log.moment += 1
            log.operations.append(Operation(actor: actor, wish: wish, invoked: log.moment))
            return log.operations.count - 1
        }
        guard let answer = body() else { return nil }
        log.withLock { log in
            log.moment += 1
            log.operations[index].returned = log.moment
            log.operations[index].answer = answer
        }
        return answer
    }

    /// An actor has an attempt in its hands from now on.
    func begin(_ actor: String) {
        log.withLock { log in
            if !log.owners.isEmpty { log.findings.append("\(actor) and \(log.owners.sorted()) own the job at once") }
            log.owners.insert(actor)
        }
    }

    /// It has not any more: it ended it, or died.
    func end(_ actor: String) { log.withLock { _ = $0.owners.remove(actor) } }
}
