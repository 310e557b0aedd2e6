import Synchronization

/// SplitMix64, so that a failure can be run again from the seed it prints.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(_ seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A source for code that draws ids from a closure.
    public static func source(_ seed: UInt64) -> @Sendable () -> UInt32 {
        let shared = SharedRandom(seed)
        return { shared.next() }
    }

    private final class SharedRandom: Sendable {
        private let random: Mutex<SeededRandom>

        init(_ seed: UInt64) { random = Mutex(SeededRandom(seed)) }

        func next() -> UInt32 { random.withLock { UInt32(truncatingIfNeeded: $0.next() >> 32) } }
    }
}
