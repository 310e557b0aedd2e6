/// A place in the list of all jobs, newest first: the next page begins after it.
///
/// The id decides between jobs created in the same millisecond, so that no page repeats or skips one.
public struct JobCursor: Sendable, Hashable {
    public var createdAt: Timestamp
    public var id: JobID

    public init(createdAt: Timestamp, id: JobID) { (self.createdAt, self.id) = (createdAt, id) }

    /// The place of one job; of the last one of a page, to go on after it.
    public init(_ view: JobView) { self.init(createdAt: view.createdAt, id: view.id) }
}
