import Synchronization

/// Indexes that were opened and wait for the next question: opening one takes longer than most answers.
///
/// Whoever takes one has it alone until he gives it back; one that failed is not given back, and closes.
final class IndexShelf: Sendable {
    /// So many are kept of each kind.
    private static let limit = 2

    private let readers = Mutex<[JobIndex]>([]), writers = Mutex<[JobIndex]>([])

    /// One that answers questions; nil when none is at hand.
    func takeReader() -> JobIndex? { usable { readers.withLock { $0.popLast() } } }

    /// One that is written to; nil when none is at hand.
    func takeWriter() -> JobIndex? { usable { writers.withLock { $0.popLast() } } }

    /// Keeps it for the next question, where there is room.
    func giveBack(_ index: JobIndex) {
        guard !index.wasRebuilt else { return }
        func keep(_ shelf: inout [JobIndex]) {
            if shelf.count < Self.limit { shelf.append(index) }
        }
        if index.isReadOnly { readers.withLock { keep(&$0) } } else { writers.withLock { keep(&$0) } }
    }

    /// Never one whose files were replaced: it would answer for ever what was true then.
    private func usable(_ next: () -> JobIndex?) -> JobIndex? {
        while let index = next() {
            if !index.current.isDamaged, index.current.isInPlace() { return index }
        }
        return nil
    }
}
