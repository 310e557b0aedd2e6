public import JobCore

/// What a backend tells while it works.
public enum BackendEvent: Sendable, Equatable {
    /// 0…100, and what it is doing, for people.
    case progress(percent: Int, message: String)
    /// Where it stands, while no percentage rises; with the reason, where it waits for something.
    case standing(RemoteHint?, String)
    /// A process group that must not outlive the attempt.
    case startedProcessGroup(Int32)
    /// One line for the job's log.
    case log(String)
    /// One sentence on a flaw that does not make the film worthless: `The film is all black.`
    case warning(String)
}
