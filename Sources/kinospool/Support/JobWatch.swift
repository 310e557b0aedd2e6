import JobCore
import Spool

/// Follows jobs until they end, by reading their files again.
struct JobWatch: Sendable {
    let folder: SpoolFolder
    /// How often to look, 200 ms.
    static let interval = Duration.milliseconds(200)

    /// What is known of one job.
    struct Sight: Sendable, Equatable {
        let id: JobID
        var view: JobView?
        /// Looks in a row that found nothing; a job on its way from folder to folder can be missed once.
        var misses = 0

        var isOver: Bool { view?.state.isFinal == true || misses > 2 }
        var isGone: Bool { misses > 2 }
    }

    /// Looks until all have ended, and tells about every look.
    ///
    /// - Returns: the last look; incomplete when the deadline passed first.
    func follow(
        _ ids: [JobID], timeout: Duration? = nil, each: ([Sight]) async throws -> Void
    ) async throws -> [Sight] {
        let clock = ContinuousClock()
        let deadline = timeout.map { clock.now + $0 }
        var sights = ids.map { Sight(id: $0) }
        while true {
            sights = try await BlockingWork.run { [sights] in try sights.map(look) }
            try await each(sights)
            if sights.allSatisfy(\.isOver) { return sights }
            if let deadline, clock.now >= deadline { return sights }
            let next = clock.now + Self.interval
            try await clock.sleep(until: deadline.map { min($0, next) } ?? next)
        }
    }

    private func look(_ sight: Sight) throws -> Sight {
        guard !sight.isOver else { return sight }
        var sight = sight
        if let view = try folder.view(sight.id) {
            (sight.view, sight.misses) = (view, 0)
        } else {
            sight.misses += 1
        }
        return sight
    }
}
