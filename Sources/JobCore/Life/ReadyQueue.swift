/// The jobs that may start, in the order in which they shall: by priority, then by age, then by id; one order a lane.
///
/// A value without a clock: `now` is an argument. A job with an id of our own costs about 180 bytes.
///
/// Invariants:
/// 1. Every waiting job has one slot, and its slot stands in exactly one heap: its lane's, or that of the delayed.
/// 2. A slot knows its place in its heap, so that a change or a withdrawal leaves nothing behind.
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

    /// A job in the table, smaller than an entry.
    private struct Slot {
        var id: JobID
        var createdAt: Timestamp
        /// Meaningful in the heap of the delayed only.
        var notBefore: Timestamp
        var priority: Int32
        /// Where it stands: the number of the heap, and the position in it.
        var heap: UInt8
        var lane: Lane
        var isDelayed: Bool
        var place: UInt32 = 0

        var entry: Entry {
            Entry(
                id: id, lane: lane, priority: Int(priority), createdAt: createdAt,
                notBefore: isDelayed ? notBefore : nil)
        }
    }

    private var slots: [Slot] = []
    /// Slots that nobody uses.
    private var free: [UInt32] = []
    private var slotOf: [JobID: UInt32] = [:]
    /// Binary heaps of slots, one for each lane in the order of `Lane.allCases`, and that of the delayed.
    private var heaps = [[UInt32]](repeating: [], count: Lane.allCases.count + 1)

    private static let laneNumbers = Dictionary(
        uniqueKeysWithValues: Lane.allCases.enumerated().map { ($1, UInt8($0)) })
    private static let delayed = UInt8(Lane.allCases.count)

    public init() {}

    public var count: Int { slotOf.count }
    public var isEmpty: Bool { slotOf.isEmpty }
    public func contains(_ id: JobID) -> Bool { slotOf[id] != nil }

    /// Adds a job, or takes note of its changes.
    public mutating func offer(_ entry: Entry, now: Timestamp) {
        if let slot = slotOf[entry.id] {
            if slots[Int(slot)].entry == entry { return }
            remove(slot)
        }
        let isLater = entry.notBefore.map { $0 > now } ?? false
        insert(
            Slot(
                id: entry.id, createdAt: entry.createdAt, notBefore: entry.notBefore ?? entry.createdAt,
                priority: Int32(clamping: entry.priority), heap: isLater ? Self.delayed : Self.number(of: entry.lane),
                lane: entry.lane, isDelayed: entry.notBefore != nil))
    }

    /// Forgets a job; does nothing when it does not wait.
    public mutating func withdraw(_ id: JobID) {
        if let slot = slotOf[id] { remove(slot) }
    }

    /// Takes the next job of a lane whose moment has come.
    public mutating func next(in lane: Lane, now: Timestamp) -> Entry? {
        promote(now: now)
        guard let slot = heaps[Int(Self.number(of: lane))].first else { return nil }
        let entry = slots[Int(slot)].entry
        remove(slot)
        return entry
    }

    /// The moment at which the next delayed job may start; nil when none waits for its time.
    public func nextMoment() -> Timestamp? { heaps[Int(Self.delayed)].first.map { slots[Int($0)].notBefore } }

    private mutating func promote(now: Timestamp) {
        while let slot = heaps[Int(Self.delayed)].first, slots[Int(slot)].notBefore <= now {
            leaveHeap(slot)
            slots[Int(slot)].heap = Self.number(of: slots[Int(slot)].lane)
            enterHeap(slot)
        }
    }

    private static func number(of lane: Lane) -> UInt8 { laneNumbers[lane] ?? 0 }
}

/// The table and its heaps.
extension ReadyQueue {
    private mutating func insert(_ new: Slot) {
        let slot = free.popLast() ?? UInt32(slots.count)
        if Int(slot) == slots.count { slots.append(new) } else { slots[Int(slot)] = new }
        slotOf[new.id] = slot
        enterHeap(slot)
    }

    private mutating func remove(_ slot: UInt32) {
        leaveHeap(slot)
        slotOf[slots[Int(slot)].id] = nil
        free.append(slot)
        // A long queue that ran empty gives its memory back.
        if slotOf.isEmpty { self = ReadyQueue() }
    }

    private mutating func enterHeap(_ slot: UInt32) {
        let heap = Int(slots[Int(slot)].heap)
        heaps[heap].append(slot)
        rise(from: heaps[heap].count - 1, in: heap)
    }

    private mutating func leaveHeap(_ slot: UInt32) {
        let (heap, place) = (Int(slots[Int(slot)].heap), Int(slots[Int(slot)].place))
        guard let last = heaps[heap].popLast(), last != slot else { return }
        put(last, at: place, in: heap)
        rise(from: place, in: heap)
        sink(from: Int(slots[Int(last)].place), in: heap)
    }

    private mutating func put(_ slot: UInt32, at place: Int, in heap: Int) {
        heaps[heap][place] = slot
        slots[Int(slot)].place = UInt32(place)
    }

    private mutating func rise(from start: Int, in heap: Int) {
        let slot = heaps[heap][start]
        var place = start
        while place > 0, isBefore(slot, heaps[heap][(place - 1) / 2], in: heap) {
            put(heaps[heap][(place - 1) / 2], at: place, in: heap)
            place = (place - 1) / 2
        }
        put(slot, at: place, in: heap)
    }

    private mutating func sink(from start: Int, in heap: Int) {
        let (slot, count) = (heaps[heap][start], heaps[heap].count)
        var place = start
        while 2 * place + 1 < count {
            var child = 2 * place + 1
            if child + 1 < count, isBefore(heaps[heap][child + 1], heaps[heap][child], in: heap) { child += 1 }
            guard isBefore(heaps[heap][child], slot, in: heap) else { break }
            put(heaps[heap][child], at: place, in: heap)
            place = child
        }
        put(slot, at: place, in: heap)
    }

    private func isBefore(_ first: UInt32, _ second: UInt32, in heap: Int) -> Bool {
        let (left, right) = (slots[Int(first)], slots[Int(second)])
        if heap == Int(Self.delayed) { return left.notBefore < right.notBefore }
        if left.priority != right.priority { return left.priority > right.priority }
        if left.createdAt != right.createdAt { return left.createdAt < right.createdAt }
        return left.id < right.id
    }
}
