import Glibc

/// Lets the calling thread wait a moment: only in blocking work, whose threads are there for that.
enum Pause {
    /// Before the n-th further try of something that is held for a blink: 2 ms, doubling up to 100 ms.
    static func beforeTry(_ number: Int) { _ = poll(nil, 0, number < 7 ? 1 << Int32(number) : 100) }
}
