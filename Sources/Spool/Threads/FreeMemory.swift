import CLinux

/// Memory that was freed, and that the C library keeps for later use.
public enum FreeMemory {
    /// Gives all of it back to the machine. Takes some milliseconds, in which threads that need memory wait.
    /// Source: malloc_trim(3).
    public static func giveBack() { sp_give_back_memory() }
}
