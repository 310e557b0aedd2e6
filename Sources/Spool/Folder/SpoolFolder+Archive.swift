public import JobCore

/// Ended jobs go to rest in a day folder below their state, so that the folder of the state stays short.
///
/// The record first, then the rename: before a token goes, `final.json` says how and when the job ended. So a job that
/// a copy missed on its way is restored as what it was, and any look finds the token by its record. The rename needs no
/// sync: before it and after it the job is in the same state.
///
/// Invariants:
/// 1. Only a token that says how and when it ended goes, to the folder of that day; any other stays.
/// 2. It goes by one rename that replaces nothing. Whoever retries, deletes or moves it at the same time finds it in
///    the one place or in the other.
/// 3. The job's lock is held for the look and for the rename, never while something is brought to the disk.
extension SpoolFolder {
    /// What came of sending one job to its day folder.
    public enum ArchiveResult: Sendable, Equatable {
        case archived(Day)
        /// It does not say how it ended, or something of it is not finished.
        case stays
        /// Somebody works on it; later.
        case busy
        /// Retried, deleted or moved meanwhile.
        case gone
        /// A file of this name lies there already: one of the two is too many.
        case double(JobPlace)
        case failed(FileError)
    }

    /// The jobs in the folder of a state itself, with the times of their files.
    public func ended(in state: JobState) throws(FileError) -> [ArchiveRule.Ended] {
        var ended: [ArchiveRule.Ended] = []
        for id in try ids(in: state) {
            guard let status = try files.status(SpoolLayout.token(id, in: state)), status.kind == .file else {
                continue
            }
            ended.append(ArchiveRule.Ended(id: id, time: Timestamp(milliseconds: status.modified / 1_000_000)))
        }
        return ended
    }

    /// Sends ended jobs to their day folders. - Returns: one answer for each, in order.
    public func archive(_ ids: [JobID], in state: JobState) -> [ArchiveResult] {
        var looks = ids.map { id in
            do throws(FileError) { return try archiveLook(id, state) } catch { return .stops(Self.result(of: error)) }
        }
        var paths: [String] = []
        for case .goes(let id, _, _, isNewRecord: true) in looks {
            paths += [SpoolLayout.final(id), SpoolLayout.record(id)]
        }
        do {
            if !paths.isEmpty { try sync(paths) }
        } catch {
            // Whichever of them is not on the disk: all may go another time.
            for (index, look) in looks.enumerated() {
                if case .goes(_, _, _, isNewRecord: true) = look { looks[index] = .stops(.failed(error)) }
            }
        }
        return looks.map { look in
            switch look {
            case .stops(let result): return result
            case .goes(let id, let day, let inode, _):
                do throws(FileError) { return try rest(id, at: JobPlace(state, on: day), inode) } catch {
                    return Self.result(of: error)
                }
            }
        }
    }

    /// What a look at a token found: the file that may go, and whether its record was written just now; or why not.
    private enum ArchiveLook {
        case goes(JobID, Day, inode: UInt64, isNewRecord: Bool)
        case stops(ArchiveResult)
    }

    private static func result(of error: FileError) -> ArchiveResult { error.isMissing ? .gone : .failed(error) }

    /// Looks at one job, and makes its record tell of its end.
    private func archiveLook(_ id: JobID, _ state: JobState) throws(FileError) -> ArchiveLook {
        let token = SpoolLayout.token(id, in: state)
        guard try files.status(token) != nil else { return .stops(.gone) }
        let isNew = try files.status(SpoolLayout.record(id)) == nil ? try makeRecord(id) : false
        return try holding(id) { () throws(FileError) in
            try archiveLook(id, state, token, isNew: isNew)
        } ?? .stops(.busy)
    }

    private func archiveLook(
        _ id: JobID, _ state: JobState, _ token: String, isNew: Bool
    ) throws(FileError) -> ArchiveLook {
        let contents: FileContents?
        do {
            contents = try files.read(token, limit: JobDocument.maximumRewrittenBytes)
        } catch {
            guard error.isNoJobFile else { throw error }
            return .stops(.stays)
        }
        guard let contents else {
            try leave(id, isNew: isNew)
            return .stops(.gone)
        }
        guard let document = try? JobDocument(reading: contents.bytes), let day = document.dayOfRest(in: state),
            try isFinished(id, document)
        else { return .stops(.stays) }
        let isTold = try isRecorded(id, document, contents.status)
        if !isTold {
            if let last = try self.document(at: SpoolLayout.final(id)) { try noteStored(of: id, last) }
            try writeWhole(id, SpoolLayout.final(id), contents.bytes)
        }
        return .goes(id, day, inode: contents.status.inode, isNewRecord: !isTold)
    }

    /// A canceled job goes only when its cancel was carried out to the end: nobody looks after it there.
    private func isFinished(_ id: JobID, _ document: JobDocument) throws(FileError) -> Bool {
        guard document.outcome == .canceled else { return true }
        guard Self.isScrubbed(document), try files.status(SpoolLayout.cancelWish(id)) == nil else { return false }
        return try files.list(SpoolLayout.record(id)).allSatisfy { SpoolLayout.attempt(ofScratch: $0.name) == nil }
    }

    /// Whether `final.json` tells of this very ending.
    private func isRecorded(_ id: JobID, _ document: JobDocument, _ token: FileStatus) throws(FileError) -> Bool {
        let final = SpoolLayout.final(id)
        if let status = try files.status(final), status.inode == token.inode, status.device == token.device {
            return true
        }
        guard let told = try self.document(at: final) else { return false }
        return told.rev == document.rev && told.outcome == document.outcome && told.finishedAt == document.finishedAt
    }

    /// The rename, unless the token is another one by now.
    private func rest(_ id: JobID, at place: JobPlace, _ inode: UInt64) throws(FileError) -> ArchiveResult {
        guard let day = place.day else { return .stays }
        return try holding(id) { () throws(FileError) in try rest(id, at: place, on: day, inode) } ?? .busy
    }

    private func rest(
        _ id: JobID, at place: JobPlace, on day: Day, _ inode: UInt64
    ) throws(FileError) -> ArchiveResult {
        let (token, target) = (SpoolLayout.token(id, in: place.state), SpoolLayout.token(id, at: place))
        for _ in 0..<2 {
            guard try files.status(token)?.inode == inode else { break }
            do {
                try files.rename(token, target, .noReplace)
                return .archived(day)
            } catch {
                if error.isTaken { return .double(place) }
                guard error.isMissing else { throw error }
                try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.folder(of: place)) }
            }
        }
        return .gone
    }

    /// The token went away while we looked: a record that was made for it is nobody's. - Note: the caller holds the
    /// lock.
    func leave(_ id: JobID, isNew: Bool) throws(FileError) {
        if isNew, try place(of: id) == nil { try removeTree(SpoolLayout.record(id)) }
    }
}
