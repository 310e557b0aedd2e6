public import JobCore

/// All that a backend may know about a job.
public struct BackendRequest: Sendable {
    public let jobID: JobID
    /// Counts from 1.
    public let attempt: Int
    public let work: JobRequest.Work
    /// The seed to use; the user's, or one that follows from the id.
    public let seed: Int
    /// Absolute path of the folder to write into; it exists and is empty. Where the backend said that it writes
    /// nothing, it is not there.
    public let scratch: String
    /// Absolute path of the folder with the job's attachments; it may not exist.
    public let inputs: String
    /// What the jobs that it needs have made.
    public let needed: [JobID: [NeededArtifact]]
    /// Absolute path of a folder for what may help later jobs, and may be deleted at any time; nil for none.
    public let cache: String?

    /// How the film is made, to be written into it; nil when the job wants none.
    public let recipe: Recipe?
    /// The parameters as written, also those that only a worker elsewhere knows.
    public let params: [String: JSONValue]
    /// The profile that the job names, nil for the set-up's choice.
    public let profile: String?
    /// What this or an earlier attempt has running at a provider: to be gone on with, never started again.
    public let remote: RemoteRecord?
    /// Makes durable what is known of a run at a provider, before it returns. Tried again until the disk takes it.
    public let remember: @Sendable (RemoteRecord) async throws -> Void
    /// To be told of a file that is finished and never touched again, while others are still being made: its check
    /// begins. Its pictures may come later. Nobody has to tell.
    public let finished: @Sendable (ProducedFile) -> Void

    public init(
        jobID: JobID, attempt: Int, work: JobRequest.Work, seed: Int, scratch: String, inputs: String,
        needed: [JobID: [NeededArtifact]] = [:], cache: String? = nil, recipe: Recipe? = nil,
        params: [String: JSONValue] = [:], profile: String? = nil, remote: RemoteRecord? = nil,
        remember: @escaping @Sendable (RemoteRecord) async throws -> Void = { _ in },
        finished: @escaping @Sendable (ProducedFile) -> Void = { _ in }
    ) {
        (self.jobID, self.attempt, self.work) = (jobID, attempt, work)
        (self.seed, self.scratch, self.inputs) = (seed, scratch, inputs)
        (self.needed, self.cache, self.recipe) = (needed, cache, recipe)
        (self.params, self.profile, self.remote, self.remember) = (params, profile, remote, remember)
        self.finished = finished
    }
}
