public import JobCore

/// Running an ended job again.
extension SpoolFolder {
    /// Puts an ended job back into `queued/`, with changes to its parameters where asked.
    ///
    /// - Parameter changes: parameters to set; `null` removes one.
    /// - Throws: `invalid_job` when the job is unknown, still under way, or the changes ask for the impossible.
    public func retry(_ id: JobID, changes: [String: JSONValue] = [:]) throws(Failure) {
        do {
            guard let state = try state(of: id) else { throw Failure(.invalidJob, "There is no job \(id).") }
            guard state.isFinal else {
                throw Failure(
                    .invalidJob, "Job \(id) is \(state.rawValue); only ended jobs run again.",
                    hint: "Wait for it, or cancel it first: kinospool cancel \(id).")
            }
            guard let old = try document(id, in: state) ?? document(at: SpoolLayout.birth(id)) else {
                throw Failure(.invalidJob, "The file of job \(id) in \(state.rawValue)/ does not read.")
            }
            var document = old
            document.forgetOutcome()
            document.startedAt = nil
            document.rev += 1
            // The claim counts failures from zero where the token has no attempt of its own.
            document.attempt = 0
            document[.notBefore] = nil
            if !changes.isEmpty {
                var params = document[.params]?.object ?? [:]
                for (key, value) in changes { params[key] = value == .null ? nil : value }
                document[.params] = .object(params)
            }
            _ = try JobRequest(document)
            guard let swapped = try swapToken(id, in: state, with: document, isSynced: true) else {
                throw Failure(.invalidJob, "Job \(id) was moved by somebody else.", isRetryable: true)
            }
            // A crash before the rename gives an ended job its outcome back: `final.json` stays until the claim, and
            // the old token in `tmp/` tells the next start where to look.
            defer { try? files.remove(swapped) }
            try removeFilmLinks(id, old)
            try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.cancelWish(id)) }
            guard try moveBack(id, from: state, or: swapped, old) else {
                throw Failure(.invalidJob, "Job \(id) was moved by somebody else.", isRetryable: true)
            }
            try sync([SpoolLayout.queued])
        } catch let error as FileError {
            throw error.failure
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "Job \(id) could not be put back: \(error).")
        }
    }

    /// The rename of a retry. Where the disk does not take it nobody was promised another life: the job gets its old
    /// token back, and with it its ending.
    private func moveBack(
        _ id: JobID, from state: JobState, or swapped: String, _ old: JobDocument
    ) throws(FileError) -> Bool {
        do {
            return try withBallast { () throws(FileError) in try move(id, from: state, to: .queued) }
        } catch {
            try? files.rename(swapped, SpoolLayout.token(id, in: state), .exchange)
            if state == .done { try? makeFilmLinks(id, old) }
            throw error
        }
    }
}
