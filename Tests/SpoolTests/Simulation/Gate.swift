import Foundation

/// Holds up one thread until another lets it go on.
final class Gate: @unchecked Sendable {  // `isOpen` is touched only while `condition` is locked
    private let condition = NSCondition()
    private var isOpen = false

    /// Lets whoever waits, or comes next, go on once.
    func open() {
        condition.lock()
        isOpen = true
        condition.signal()
        condition.unlock()
    }

    /// Waits for `open`, and closes the gate behind itself.
    func pass() {
        condition.lock()
        while !isOpen { condition.wait() }
        isOpen = false
        condition.unlock()
    }
}
