/// Where a token lies: in the folder of its state or, once it has rested there, in a day folder below it.
///
/// Both say the same of the job; only ended jobs have day folders.
public struct JobPlace: Hashable, Sendable, CustomStringConvertible {
    public let state: JobState
    /// Nil: in the folder of the state itself.
    public let day: Day?

    /// The folder of a state.
    public init(_ state: JobState) { (self.state, day) = (state, nil) }

    /// A day folder; for a state that has none, the folder of the state.
    public init(_ state: JobState, on day: Day?) { (self.state, self.day) = (state, state.isFinal ? day : nil) }

    public static let queued = JobPlace(.queued), running = JobPlace(.running), done = JobPlace(.done)
    public static let failed = JobPlace(.failed), canceled = JobPlace(.canceled)

    public var description: String { SpoolLayout.folder(of: self) }
}
