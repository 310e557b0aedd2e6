public import JobCore

/// The ballast and the steps that may throw it off: the ways out of `running/`, cancel, delete and repair. New work
/// may not; it is refused with `disk_full`.
extension SpoolFolder {
    /// Takes a step that must not fail because the disk is full: when it does, the ballast goes and the step is
    /// repeated once.
    ///
    /// - Parameter step: may be repeated after it failed anywhere, as all sequences of the spool may.
    func withBallast<Answer>(_ step: () throws(FileError) -> Answer) throws(FileError) -> Answer {
        do {
            return try step()
        } catch {
            guard error.isFull, dropBallast() else { throw error }
            return try step()
        }
    }

    /// Gives the ballast's room to whoever needs it now, and closes the queue.
    ///
    /// - Returns: false when nothing was gained.
    func dropBallast() -> Bool {
        do {
            // The ballast itself becomes the switch: a disk without room for another file could not take one.
            try files.rename(SpoolLayout.ballast, SpoolLayout.pausedFull, .replace)
        } catch {
            // Another process may have thrown it off in the same moment.
            return error.isMissing && (try? files.status(SpoolLayout.pausedFull)) != nil
        }
        let note: JSONValue = [
            "reason": .string("\(FailureCode.diskFull.rawValue): the disk was full."), "since": .string(now().text),
        ]
        try? files.overwrite(SpoolLayout.pausedFull, JSONWriter.pretty(note))
        for entry in (try? files.list(SpoolLayout.spareFiles)) ?? [] {
            try? files.remove("\(SpoolLayout.spareFiles)/\(entry.name)")
        }
        // A journal gives the room back when it has written that all this is gone.
        _ = files.sync([SpoolLayout.meta, SpoolLayout.pausedFull])
        return true
    }

    /// One look at the ballast, and what follows from it. Only a daemon asks: there is one.
    ///
    /// - Returns: what was done; `.make` and `.open` call for another look.
    public func keepBallast() throws(FileError) -> Ballast.Step {
        let look = Ballast.Look(
            isThere: try files.status(SpoolLayout.ballast) != nil,
            isClosed: try files.status(SpoolLayout.pausedFull) != nil, space: try files.space())
        let step = Ballast.step(look)
        switch step {
        case .nothing, .wait: return step
        case .make(let bytes, let count): return try makeBallast(bytes, files: count) ? step : .wait
        case .open:
            try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.pausedFull) }
            return step
        }
    }

    /// A copy's ballast may be a file full of holes: it is made anew.
    public func forgetBallast() throws(FileError) {
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.ballast) }
    }

    /// False when the disk has no room for it after all.
    private func makeBallast(_ bytes: Int64, files count: Int64) throws(FileError) -> Bool {
        let temporary = "\(SpoolLayout.temporary)/ballast.\(nonce())"
        do {
            try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.spareFiles) }
            for number in 0..<count {
                try ignoringTaken { () throws(FileError) in try files.create("\(SpoolLayout.spareFiles)/\(number)", [])
                }
            }
            try files.reserve(temporary, bytes: bytes)
            try files.rename(temporary, SpoolLayout.ballast, .noReplace)
            return true
        } catch {
            try? files.remove(temporary)
            if error.isFull { return false }
            guard error.isTaken else { throw error }
            return true
        }
    }
}
