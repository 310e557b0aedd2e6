public import JobCore

/// Running an ended job again.
extension SpoolFolder {
    /// Puts an ended job back into `queued/`, with changes to its parameters where asked.
    ///
    /// - Parameters:
    ///   - changes: parameters to set; `null` removes one.
    ///   - request: remembered in the job file together with the retry; nil for one without a key.
    /// - Throws: `invalid_job` when the job is unknown, still under way, or the changes ask for the impossible.
    public func retry(
        _ id: JobID, changes: [String: JSONValue] = [:], as request: RetryRequest? = nil
    ) throws(Failure) {
        do {
            guard let place = try place(of: id) else { throw Failure(.invalidJob, "There is no job \(id).") }
            guard place.state.isFinal else {
                throw Failure(
                    .invalidJob, "Job \(id) is \(place.state.rawValue); only ended jobs run again.",
                    hint: "Wait for it, or cancel it first: kinospool cancel \(id).")
            }
            guard let old = try document(id, at: place) ?? document(at: SpoolLayout.birth(id)) else {
                throw Failure(.invalidJob, "The file of job \(id) in \(place)/ does not read.")
            }
            var document = old
            document.forgetOutcome()
            document.startedAt = nil
            document.rev += 1
            // The claim counts failures from zero where the token has no attempt of its own.
            document.attempt = 0
            document[.notBefore] = nil
            // What was canceled, or is to be made differently, is not taken up where it may still run elsewhere.
            if place.state == .canceled || !changes.isEmpty { document[.isAnew] = true }
            if !changes.isEmpty {
                var params = document[.params]?.object ?? [:]
                for (key, value) in changes { params[key] = value == .null ? nil : value }
                document[.params] = .object(params)
            }
            _ = try JobRequest(document)
            if let request { document = request.noted(in: document) }
            guard let (swapped, found) = try swapEnded(id, at: place, with: document) else {
                throw Failure(.invalidJob, "Job \(id) was moved by somebody else.", isRetryable: true)
            }
            // A crash before the rename gives an ended job its outcome back: `final.json` stays until the claim, and
            // the old token in `tmp/` tells the next start where to look.
            defer { try? files.remove(swapped) }
            try removeFilmLinks(id, old)
            try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.cancelWish(id)) }
            guard try moveBack(id, from: found, or: swapped, old) else {
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

    /// Swaps the token of an ended job, also where it goes to its day folder at this moment.
    ///
    /// - Returns: the old token and where it lay; nil when the job left its state.
    private func swapEnded(
        _ id: JobID, at place: JobPlace, with document: JobDocument
    ) throws(FileError) -> (swapped: String, place: JobPlace)? {
        if let swapped = try swapToken(id, at: place, with: document, isSynced: true) { return (swapped, place) }
        guard let now = try self.place(of: id), now.state == place.state, now != place,
            let swapped = try swapToken(id, at: now, with: document, isSynced: true)
        else { return nil }
        return (swapped, now)
    }

    /// The rename that commits, also where the token was put into, or out of, a day folder since the swap.
    private func moveEnded(_ id: JobID, from place: JobPlace) throws(FileError) -> Bool {
        if try move(id, at: place, to: .queued) { return true }
        guard let now = try self.place(of: id), now.state == place.state, now != place,
            try document(id, at: now)?.outcome == nil
        else { return false }
        return try move(id, at: now, to: .queued)
    }

    /// The rename of a retry. Where the disk does not take it nobody was promised another life: the job gets its old
    /// token back, and with it its ending.
    private func moveBack(
        _ id: JobID, from place: JobPlace, or swapped: String, _ old: JobDocument
    ) throws(FileError) -> Bool {
        do {
            return try withBallast { () throws(FileError) in try moveEnded(id, from: place) }
        } catch {
            try? files.rename(swapped, SpoolLayout.token(id, at: place), .exchange)
            if place.state == .done { try? makeFilmLinks(id, old) }
            throw error
        }
    }
}
