/// SplitMix64: the same numbers from the same seed on every machine and in every version.
///
/// Source: https://prng.di.unimi.it/splitmix64.c (public domain).
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, 1. `Double.random` may change between versions of Swift; this may not.
    mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
