public import JobCore

/// What the index keeps of one job: its view, and the stamp by which a change of its token is noticed.
public struct IndexRow: Sendable, Equatable {
    /// The job as it was read.
    public var view: JobView
    /// The change time of the job's token in nanoseconds since 1970; opaque to the index except that newer is larger.
    public var stamp: Int64

    public init(view: JobView, stamp: Int64) { (self.view, self.stamp) = (view, stamp) }
}
