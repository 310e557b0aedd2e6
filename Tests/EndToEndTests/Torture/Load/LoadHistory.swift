import Synchronization

/// What was done to each job of a spool under load, and what the program answered.
final class LoadHistory: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The last that was done to a job.
    private struct Change: Sendable {
        let word: String
        /// Nil while nobody answered.
        var answered: Instant?
        var hasSucceeded = false
    }

    private struct Entry: Sendable {
        /// When the submit had answered.
        var accepted: Instant?
        var change: Change?
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// A program was started that shall do this to these jobs. `submit`, `cancel`, `retry` or `rm`.
    func begin(_ word: String, _ ids: [String]) {
        entries.withLock { entries in
            for id in ids {
                entries[id, default: Entry()].change = word == "submit" ? nil : Change(word: word)
            }
        }
    }

    /// The program has ended.
    ///
    /// - Parameter done: those of the jobs of which it said that it was done.
    func end(_ word: String, _ ids: [String], done: Set<String>) {
        let now = Instant.now
        entries.withLock { entries in
            for id in ids {
                guard word != "submit" else {
                    if done.contains(id) { entries[id]?.accepted = now }
                    continue
                }
                entries[id]?.change?.answered = now
                entries[id]?.change?.hasSucceeded = done.contains(id)
            }
        }
    }

    /// How many jobs were accepted.
    var acceptedCount: Int { entries.withLock { $0.values.count { $0.accepted != nil } } }

    /// What had been promised at a moment, of the jobs that nobody has touched since.
    ///
    /// - Parameters:
    ///   - moment: all that was answered later does not count.
    ///   - look: right after it these jobs lay in `done/` and `failed/`; nil for the moment itself.
    func promises(
        at moment: Instant, look: Instant? = nil, done: Set<String>, failed: Set<String>
    ) -> LoadPromises {
        var promises = LoadPromises()
        for (id, entry) in entries.withLock({ $0 }) {
            let change = entry.change
            let isStill = change == nil || change?.answered.map { $0 <= moment } == true
            let isKnown = change?.hasSucceeded ?? true
            if change?.word == "rm" {
                if isStill, isKnown { promises.deleted.insert(id) } else { promises.vague.insert(id) }
                continue
            }
            guard let accepted = entry.accepted, accepted <= moment else { continue }
            promises.audit.accepted.insert(id)
            guard isStill else { continue }
            if change?.word == "cancel", isKnown { promises.audit.canceled.insert(id) }
            guard change?.answered.map({ $0 <= look ?? moment }) ?? true else { continue }
            if done.contains(id) { promises.audit.done.insert(id) }
            if failed.contains(id) { promises.failed.insert(id) }
        }
        return promises
    }
}
