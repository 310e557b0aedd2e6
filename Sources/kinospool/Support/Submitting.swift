import JobCore
import Spool

/// Brings drafts into the spool, in groups that share one sync.
enum Submitting {
    /// How many jobs share one sync.
    static let groupSize = 64

    /// Submits in order, blocking; tells each answer as soon as its group is on the disk.
    static func run(
        _ drafts: [JobDraft], into folder: SpoolFolder, answer: (JobDraft, Result<JobID, Failure>) -> Void
    ) {
        var rest = drafts[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(groupSize))
            rest = rest.dropFirst(groupSize)
            let submissions = group.map { draft in
                Result<Submission, Failure> { () throws(Failure) in try draft.submission() }
            }
            var answers = folder.submit(submissions.compactMap { try? $0.get() })[...]
            for (draft, submission) in zip(group, submissions) {
                switch submission {
                case .success: if let first = answers.popFirst() { answer(draft, first) }
                case .failure(let failure): answer(draft, .failure(failure))
                }
            }
        }
    }
}
