import JobCore
import Spool

/// A job on its way into the spool: what was read, from where, and under which name.
struct JobDraft: Sendable {
    /// For messages: the file as typed, or `line 3 of stdin`.
    let source: String
    /// Where relative names of pictures and sounds begin; absolute.
    let folder: String
    var document: JobDocument
    var naming: Submission.Naming
    /// Which local files it may take along.
    let reach: Attachments.Reach

    init(
        source: String, folder: String, document: JobDocument, naming: Submission.Naming,
        reach: Attachments.Reach = .anywhere
    ) {
        (self.source, self.folder, self.document, self.reach) = (source, folder, document, reach)
        // A `job_id` is a wish for exactly this id; one that is no legal id is refused where jobs are checked.
        self.naming = document[.jobID]?.string.flatMap { JobID($0) }.map { .exactly($0) } ?? naming
    }

    /// With the local files it names taken along.
    ///
    /// - Throws: `invalid_job` when one of them is not there.
    func submission() throws(Failure) -> Submission {
        var document = document
        let attachments = try Attachments.take(from: &document, folder: folder, reach: reach)
        return Submission(document: document, naming: naming, attachments: attachments)
    }
}
