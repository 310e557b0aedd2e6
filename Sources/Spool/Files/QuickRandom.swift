import Synchronization

/// Random numbers for names that must not meet, drawn without a system call each: splitmix64, seeded once by the
/// kernel. Not for secrets.
public enum QuickRandom {
    private static let state = Mutex(UInt64.random(in: 0 ... .max))

    /// 32 bits, each time others.
    public static func next() -> UInt32 {
        var mixed = state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            return state
        }
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 32)
    }
}
