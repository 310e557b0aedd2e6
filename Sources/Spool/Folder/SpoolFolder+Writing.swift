import Glibc
import JobCore

/// The few ways in which files are written.
extension SpoolFolder {
    /// A short text that no other writer has.
    func nonce() -> String { String(random(), radix: 36) + String(random(), radix: 36) }

    /// Brings paths to the disk in durable mode. - Throws: the first error; a failed fsync is never tried again.
    func sync(_ paths: [String], always: Bool = false) throws(FileError) {
        guard always || durability == .full else { return }
        for case let error? in files.sync(paths) { throw error }
    }

    /// Makes a new file of ours; of one for whose bytes there is no room nothing is left.
    func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        do {
            try files.create(path, bytes)
        } catch {
            if error.isFull { try? files.remove(path) }
            throw error
        }
    }

    /// Replaces a token only if it is still in this folder; false when somebody moved it.
    ///
    /// - Parameters:
    ///   - notBefore: the moment before which a queued job does not start.
    ///   - isSynced: bring the bytes to the disk first (durable mode only, unless `always`).
    func replaceToken(
        _ id: JobID, in state: JobState, with document: JobDocument, notBefore: Timestamp? = nil, isSynced: Bool,
        always: Bool = false
    ) throws(FileError) -> Bool {
        let swapped = try swapToken(
            id, at: JobPlace(state), with: document, notBefore: notBefore, isSynced: isSynced, always: always)
        guard let swapped else { return false }
        try files.remove(swapped)
        return true
    }

    /// Replaces a token as `replaceToken` does, and keeps what it replaced until the caller removes it: as long as it
    /// lies in `tmp/`, the next start looks at this job.
    ///
    /// - Returns: the path of the old token; nil when somebody moved it.
    func swapToken(
        _ id: JobID, at place: JobPlace, with document: JobDocument, notBefore: Timestamp? = nil, isSynced: Bool,
        always: Bool = false
    ) throws(FileError) -> String? {
        let temporary = SpoolLayout.temporary(id, nonce: nonce())
        try create(temporary, document.bytes)
        do {
            if let notBefore { try files.setModified(temporary, notBefore) }
            if isSynced { try sync([temporary], always: always) }
            try files.rename(temporary, SpoolLayout.token(id, at: place), .exchange)
            return temporary
        } catch {
            try? files.remove(temporary)
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Swaps a prepared file with a token and removes what the swap brought out; false when the token is gone.
    func exchange(_ temporary: String, with token: String) throws(FileError) -> Bool {
        var isThere = true
        do {
            try files.rename(temporary, token, .exchange)
        } catch {
            guard error.isMissing else {
                try? files.remove(temporary)
                throw error
            }
            isThere = false
        }
        try files.remove(temporary)
        return isThere
    }

    /// Moves a token; false when it is not there (any more). A stranger of the same name in the target gives way.
    func move(_ id: JobID, from old: JobState, to new: JobState) throws(FileError) -> Bool {
        try move(id, at: JobPlace(old), to: new)
    }

    /// Moves a token from wherever it lies into the folder of a state, as the other `move` does.
    func move(_ id: JobID, at old: JobPlace, to new: JobState) throws(FileError) -> Bool {
        for _ in 0..<8 {
            do {
                try files.rename(SpoolLayout.token(id, at: old), SpoolLayout.token(id, in: new), .noReplace)
                return true
            } catch {
                if error.isMissing { return false }
                guard error.isTaken else { throw error }
                try giveWay(id, in: new)
            }
        }
        throw FileError(EEXIST, "renameat2", SpoolLayout.token(id, in: new))
    }

    /// A second token of a job that has one: in `queued/` a new drop, which gets an id of its own; elsewhere a copy.
    func giveWay(_ id: JobID, in state: JobState) throws(FileError) {
        if state == .queued {
            let other = JobID(resembling: id.text, random: random())
            try ignoringMissing { () throws(FileError) in
                try files.rename(SpoolLayout.token(id, in: .queued), SpoolLayout.token(other, in: .queued), .noReplace)
            }
        } else {
            try setAside(SpoolLayout.token(id, in: state), because: "a second file of job \(id) in \(state.rawValue)/")
        }
    }

    /// Replaces a file of the record as a whole.
    func writeWhole(_ id: JobID, _ path: String, _ bytes: [UInt8]) throws(FileError) {
        let temporary = SpoolLayout.temporary(id, nonce: nonce())
        try create(temporary, bytes)
        do {
            try files.rename(temporary, path, .replace)
        } catch {
            try? files.remove(temporary)
            throw error
        }
    }

    /// Moves a file that is no job into `quarantine/` with the reason beside it.
    ///
    /// - Returns: its name there; nil when it was gone.
    @discardableResult
    func setAside(_ path: String, because reason: String) throws(FileError) -> String? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // Room for the suffixes within 255 bytes, whatever the name was.
        let kept = "\(name.prefix(bytes: 160)).\(nonce())"
        let why = Failure(.invalidJob, "\(path): \(reason)")
        // The reason first: a crash leaves a reason without a file, never a file without a reason.
        try create(SpoolLayout.reason(ofQuarantined: kept), JSONWriter.pretty(why.json))
        do {
            try files.rename(path, SpoolLayout.quarantined(kept), .noReplace)
        } catch {
            try? files.remove(SpoolLayout.reason(ofQuarantined: kept))
            if !error.isMissing { throw error }
            return nil
        }
        return kept
    }

    /// Removes a file or a whole folder; what is gone already is fine.
    func removeTree(_ path: String) throws(FileError) {
        guard let status = try files.status(path) else { return }
        try ignoringMissing { () throws(FileError) in
            guard status.kind == .folder else { return try files.remove(path) }
            for entry in try files.list(path) { try removeTree("\(path)/\(entry.name)") }
            try files.removeFolder(path)
        }
    }

    /// "It is gone" is the wish, so `ENOENT` is success.
    func ignoringMissing(_ body: () throws(FileError) -> Void) throws(FileError) {
        do {
            try body()
        } catch {
            if !error.isMissing { throw error }
        }
    }

    /// "It is there" is the wish, so `EEXIST` is success.
    func ignoringTaken(_ body: () throws(FileError) -> Void) throws(FileError) {
        do {
            try body()
        } catch {
            if !error.isTaken { throw error }
        }
    }
}

extension String {
    /// The beginning of the text in at most so many bytes, never ending inside a character's code.
    func prefix(bytes limit: Int) -> Substring {
        var index = utf8.index(startIndex, offsetBy: max(limit, 0), limitedBy: endIndex) ?? endIndex
        while index.samePosition(in: unicodeScalars) == nil { index = utf8.index(before: index) }
        return self[..<index]
    }
}
