public import JobCore
import Spool
import Synchronization

/// Taking in jobs. What was answered for is on the disk (durable mode).
extension FrontDesk {
    /// A job that was taken in.
    public struct Accepted: Sendable, Equatable {
        public let id: JobID
        public let createdAt: Timestamp
        /// It had been taken in before, by a request with the same key.
        public let isReplay: Bool
    }

    /// How long the answer to an idempotency key is remembered.
    static let keyLifetime = Duration.seconds(7 * 86_400)

    /// Takes a job in, alone or together with others that come at the same moment.
    ///
    /// - Parameters:
    ///   - document: what the caller asks; keys that tell what happened are left out.
    ///   - key: of several requests with one key, one makes a job.
    /// - Throws: `Failure`, `DeskRefusal`.
    public func submit(_ document: JobDocument, key: String? = nil) async throws -> Accepted {
        var document = document
        document.forgetHistory()
        try checkWebhook(document)
        let createdAt = now
        document.createdAt = createdAt
        let attachments = try await attachments(of: &document)
        guard let key else {
            let chosen = try JobRequest(document).chosenID
            let submission = Submission(
                document: document, naming: chosen.map { .exactly($0) } ?? .generated, attachments: attachments)
            return try await commit(submission, createdAt: createdAt)
        }
        guard keysAtWork.withLock({ $0.insert(key).inserted }) else { throw DeskRefusal.keyAtWork }
        defer { keysAtWork.withLock { _ = $0.remove(key) } }
        return try await submit(document, attachments, key: key, createdAt: createdAt)
    }

    /// The id follows from the key, so that the folder itself remembers the key: also after a crash, and for any
    /// number of processes.
    private func submit(
        _ document: JobDocument, _ attachments: [Submission.Attachment], key: String, createdAt: Timestamp
    ) async throws -> Accepted {
        let chosen = try JobRequest(document).chosenID
        let hash = document.requestHash
        var document = document
        document[.idempotencyKey] = .string(key)
        document[.requestSHA256] = .string(hash)
        for generation in 0... {
            let id = chosen ?? JobID(key: key, generation: generation)
            guard let known = try await onDisk({ try $0.currentDocument(id) }) else {
                let submission = Submission(document: document, naming: .exactly(id), attachments: attachments)
                return try await commit(submission, createdAt: createdAt)
            }
            let knownCreatedAt = known.createdAt ?? createdAt
            let isFresh = createdAt.milliseconds - knownCreatedAt.milliseconds < Self.keyLifetime.milliseconds
            guard known[.idempotencyKey]?.string == key, isFresh else {
                if chosen == nil { continue }
                throw Failure(.invalidJob, "/job_id belongs to another job.", hint: "Choose another job_id.")
            }
            guard known[.requestSHA256]?.string == hash else { throw DeskRefusal.keyOfAnotherRequest(id) }
            return Accepted(id: id, createdAt: knownCreatedAt, isReplay: true)
        }
        throw DeskRefusal.keyAtWork
    }

    private func commit(_ submission: Submission, createdAt: Timestamp) async throws -> Accepted {
        guard let answer = await submits.commit(submission) else {
            throw Failure(.internalError, "The job was not taken in.", isRetryable: true)
        }
        let id = try answer.get()
        herald.touch([id])
        return Accepted(id: id, createdAt: createdAt, isReplay: false)
    }

    /// The files behind `upload:` go along with the job, under plain names.
    private func attachments(of document: inout JobDocument) async throws -> [Submission.Attachment] {
        guard let params = document[.params]?.object else { return [] }
        let wanted = Set(MediaFields.texts(in: params).compactMap(UploadName.init(reference:)))
        guard !wanted.isEmpty else { return [] }
        let found = try await onDisk { folder in
            try wanted.map { name in
                guard let full = try folder.upload(name) else { throw DeskRefusal.noSuchUpload(name.reference) }
                return (name, full)
            }
        }
        let names = Dictionary(found) { first, _ in first }
        document[.params] = .object(
            MediaFields.map(params) { _, text in
                UploadName(reference: text).flatMap { names[$0] }?.attachmentName ?? text
            })
        return names.values.map {
            Submission.Attachment(name: $0.attachmentName, source: folder.absolute(SpoolLayout.upload($0)))
        }
    }
}
