/// The jobs that may start, in the order in which they shall: by priority, then by age, then by id; one order a lane.
///
/// A value without a clock: `now` is an argument. Entries cost about 200 bytes each.
public struct ReadyQueue: Sendable {
    /// What the order is made of.
    public struct Entry: Sendable, Equatable {
        public let id: JobID
        public let lane: Lane
        public let priority: Int
        public let createdAt: Timestamp
        /// Does not start before this moment.
        public let notBefore: Timestamp?

        public init(
            id: JobID, lane: Lane, priority: Int, createdAt: Timestamp, notBefore: Timestamp? = nil
        ) {
            (self.id, self.lane, self.priority) = (id, lane, priority)
            (self.createdAt, self.notBefore) = (createdAt, notBefore)
        }

        /// The same job, not before a moment.
        public func delayed(until moment: Timestamp) -> Entry {
            Entry(id: id, lane: lane, priority: priority, createdAt: createdAt, notBefore: moment)
        }
    }

    private var entries: [JobID: Entry] = [:]
    /// Heaps with entries that may have changed since: an entry counts only while `entries` has the very same.
    private var ready: [Lane: Heap<Entry>] = [:]
    private var delayed = Heap<Entry>(isBefore: {
        ($0.notBefore?.milliseconds ?? 0) < ($1.notBefore?.milliseconds ?? 0)
    })

    public init() {}

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }
    public func contains(_ id: JobID) -> Bool { entries[id] != nil }

    /// Adds a job, or takes note of its changes.
    public mutating func offer(_ entry: Entry, now: Timestamp) {
        guard entries[entry.id] != entry else { return }
        entries[entry.id] = entry
        if let notBefore = entry.notBefore, notBefore > now { delayed.push(entry) } else { push(entry) }
    }

    public mutating func withdraw(_ id: JobID) { entries[id] = nil }

    /// Takes the next job of a lane whose moment has come.
    public mutating func next(in lane: Lane, now: Timestamp) -> Entry? {
        promote(now: now)
        while let entry = ready[lane]?.pop() {
            guard entries[entry.id] == entry else { continue }
            entries[entry.id] = nil
            return entry
        }
        return nil
    }

    /// The moment at which the next delayed job may start; nil when none waits for its time.
    public mutating func nextMoment() -> Timestamp? {
        while let entry = delayed.peek, entries[entry.id] != entry { _ = delayed.pop() }
        return delayed.peek?.notBefore
    }

    private mutating func promote(now: Timestamp) {
        while let entry = delayed.peek, let notBefore = entry.notBefore, notBefore <= now {
            _ = delayed.pop()
            if entries[entry.id] == entry { push(entry) }
        }
    }

    private mutating func push(_ entry: Entry) {
        ready[entry.lane, default: Heap(isBefore: Self.isBefore)].push(entry)
    }

    private static func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        if left.priority != right.priority { return left.priority > right.priority }
        if left.createdAt != right.createdAt { return left.createdAt < right.createdAt }
        return left.id < right.id
    }
}
