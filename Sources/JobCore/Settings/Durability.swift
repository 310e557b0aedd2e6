/// How hard the spool tries to survive a power cut.
public enum Durability: String, CaseIterable, Sendable {
    /// fsync before a submit is answered and before a job is done.
    case full
    /// No fsync but before paid calls, cancels and deletes: a power cut may lose the last seconds.
    case fast
}
