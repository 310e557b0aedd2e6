public import JobCore

/// Looking after the day folders: what people put into them, and what is left of them.
extension SpoolFolder {
    /// Reads one day folder and puts back what does not belong there: files that a person moved into it, or whose
    /// record does not tell of it. They lie in the folder of their state again; those that may rest go from there to
    /// the right day. A day folder that is empty goes.
    ///
    /// - Returns: jobs with a second token beside this folder.
    public func tidy(_ place: JobPlace) throws(FileError) -> [JobID] {
        guard let day = place.day else { return [] }
        let entries = try files.list(SpoolLayout.folder(of: place))
        var (doubles, left): ([JobID], Int) = ([], entries.count)
        for entry in entries where !entry.isFolder {
            guard let id = SpoolLayout.id(ofToken: entry.name),
                let status = try files.status(SpoolLayout.token(id, at: place)), status.kind == .file
            else { continue }
            // The very file that was recorded, at a time of that day: right without a look inside.
            let final = try files.status(SpoolLayout.final(id))
            let written = Day(of: Timestamp(milliseconds: status.modified / 1_000_000))
            if final?.inode == status.inode, final?.device == status.device, written == day { continue }
            switch try settle(id, at: place) {
            case .fits: break
            case .putBack: left -= 1
            case .double: doubles.append(id)
            }
        }
        if left == 0 { try removeIfEmpty(SpoolLayout.folder(of: place)) }
        return doubles
    }

    private enum Fit { case fits, putBack, double }

    /// Puts one token back where it does not belong here.
    private func settle(_ id: JobID, at place: JobPlace) throws(FileError) -> Fit {
        let isNew = try files.status(SpoolLayout.record(id)) == nil ? try makeRecord(id) : false
        do {
            return try holding(id) { () throws(FileError) in try settle(id, at: place, isNew: isNew) } ?? .fits
        } catch {
            // Deleted between the two looks: whoever did that takes the token, too.
            guard error.isMissing, error.path == SpoolLayout.beat(id) else { throw error }
            return .fits
        }
    }

    private func settle(_ id: JobID, at place: JobPlace, isNew: Bool) throws(FileError) -> Fit {
        guard let document = try document(id, at: place) else {
            if try files.status(SpoolLayout.token(id, at: place)) == nil { try leave(id, isNew: isNew) }
            return .fits
        }
        guard try stateBesideDays(of: id) == nil else { return .double }
        if document.dayOfRest(in: place.state) == place.day, try recordedPlace(of: id) == place { return .fits }
        do {
            try files.rename(SpoolLayout.token(id, at: place), SpoolLayout.token(id, in: place.state), .noReplace)
        } catch {
            if error.isTaken { return .double }
            guard error.isMissing else { throw error }
            try leave(id, isNew: isNew)
        }
        return .putBack
    }
}
