public import JobCore

/// Files that came over HTTP: by their content, once each, until jobs have taken copies of them.
extension SpoolFolder {
    /// How long an upload that nobody used stays.
    public static let uploadLifetime = Duration.seconds(24 * 3600)

    /// Stores bytes under their own hash.
    ///
    /// - Returns: its name, and false as second where it was there before.
    public func storeUpload(_ bytes: [UInt8], kind: UploadKind) throws(FileError) -> (UploadName, isNew: Bool) {
        let name = UploadName(sha256: SHA256.hex(of: bytes), kind: kind)
        let path = SpoolLayout.upload(name)
        if try files.status(path) != nil {
            // It begins its time anew.
            try ignoringMissing { () throws(FileError) in try files.setModified(path, now()) }
            if try files.status(path) != nil { return (name, false) }
        }
        let half = SpoolLayout.halfUpload(nonce: nonce())
        try create(half, bytes)
        do {
            try sync([half])
            try files.rename(half, path, .replace)
            try sync([SpoolLayout.uploads])
        } catch {
            try? files.remove(half)
            throw error
        }
        return (name, true)
    }

    /// The full name of an upload; nil where there is none (any more). It begins its time anew.
    public func upload(_ name: UploadName) throws(FileError) -> UploadName? {
        for kind in UploadKind.allCases {
            let full = UploadName(sha256: name.sha256, kind: kind)
            guard try files.status(SpoolLayout.upload(full)) != nil else { continue }
            try ignoringMissing { () throws(FileError) in try files.setModified(SpoolLayout.upload(full), now()) }
            return full
        }
        return nil
    }

    /// Removes uploads whose time is over. - Returns: how many.
    public func sweepUploads() throws(FileError) -> Int {
        var count = 0
        for entry in try files.list(SpoolLayout.uploads) where !entry.isFolder {
            let path = "\(SpoolLayout.uploads)/\(entry.name)"
            guard let status = try files.status(path), isExpiredUpload(status) else { continue }
            try ignoringMissing { () throws(FileError) in try files.remove(path) }
            count += 1
        }
        return count
    }

    func isExpiredUpload(_ status: FileStatus) -> Bool {
        now().milliseconds - status.modified / 1_000_000 > Self.uploadLifetime.milliseconds
    }
}
