import Glibc
public import JobCore

/// Taking in what people drop into `inbox/`: job files of any name, alone or in a folder with the pictures and sounds
/// they name.
///
/// The job file itself becomes the record's `job.json` by a hard link, so that after a crash its inode tells whether
/// it was taken in already.
extension SpoolFolder {
    /// What became of one job file in `inbox/`.
    public enum InboxResult: Sendable, Equatable {
        case submitted(JobID)
        /// Look again after this time; the words are for people ("waiting for cat.png").
        case wait(Duration, String)
        case setAside(String)
        case nothing
    }

    /// The job files in `inbox/` and in its folders, as paths below `inbox/`.
    public func inboxFiles() throws(FileError) -> [String] {
        var found: [String] = []
        for entry in try files.list(SpoolLayout.inbox) where DropName(entry.name) != .ignored {
            guard entry.isFolder else {
                if case .job = DropName(entry.name) { found.append(entry.name) }
                continue
            }
            // A folder that may not be read holds up nobody else.
            for inner in (try? files.list("\(SpoolLayout.inbox)/\(entry.name)")) ?? [] where !inner.isFolder {
                if case .job = DropName(inner.name) { found.append("\(entry.name)/\(inner.name)") }
            }
        }
        return found.sorted()
    }

    /// Looks at one job file in `inbox/`.
    ///
    /// - Parameter path: as `inboxFiles` names it.
    public func admitFromInbox(_ path: String, isClosed: Bool, policy: Policy) throws(FileError) -> InboxResult {
        let full = "\(SpoolLayout.inbox)/\(path)"
        guard let (contents, status) = try look(at: full) else { return .nothing }
        let age = age(of: status)
        let sighting = DropVerdict.Sighting(age: age, isClosed: isClosed || status.linkCount > 1)
        switch DropVerdict(contents, sighting, policy: policy) {
        case .wait(let time): return .wait(time, "waiting for the end of \(path)")
        case .setAside(let reason):
            try setAside(full, because: reason)
            return .setAside(reason)
        case .take(let document):
            let wanted = Self.attachments(of: document)
            if let missing = try unsettled(wanted, beside: full, policy) {
                guard age >= Self.attachmentPatience else { return .wait(policy.settleAge, "waiting for \(missing)") }
                let reason =
                    "it names \(missing), which did not come within \(Self.attachmentPatience)"
                try setAside(full, because: reason)
                return .setAside(reason)
            }
            return try take(full, document, wanted, status)
        }
    }

    /// How long a job file waits for the files it names.
    static let attachmentPatience = Duration.seconds(600)

    /// The parameters that name files beside the job file: plain names only; paths and URLs are not ours to fetch.
    static func attachments(of document: JobDocument) -> [String] {
        let names = MediaFields.texts(in: document[.params]?.object ?? [:])
        return Set(names.filter { PlainName.isLegal($0) && !$0.contains("://") }).sorted()
    }

    private func unsettled(_ names: [String], beside path: String, _ policy: Policy) throws(FileError) -> String? {
        for name in names {
            guard try files.status(sibling(name, of: path)) == nil else {
                if try isStillWritten(sibling(name, of: path), policy) { return name }
                continue
            }
            // A crash may have come after it was moved into the record.
            guard let id = try reservedID(for: path),
                try files.status("\(SpoolLayout.inputs(id))/\(name)") != nil
            else { return name }
        }
        return nil
    }

    private func isStillWritten(_ path: String, _ policy: Policy) throws(FileError) -> Bool {
        guard let status = try files.status(path), status.kind == .file else { return true }
        let age = age(of: status)
        return age >= .zero && age < policy.settleAge
    }

    private func sibling(_ name: String, of path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/") + "/\(name)"
    }

    /// The id follows from the name where that is free, else from the name and the inode: the same after a crash.
    private func candidates(_ path: String, _ document: JobDocument?, _ status: FileStatus) -> [JobID] {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let stem = if case .job(let stem) = DropName(name) { stem } else { name }
        let chosen = document?[.jobID]?.string.flatMap { JobID($0) }
        let spread = UInt32(truncatingIfNeeded: StableHash.of("\(path) \(status.inode) \(status.modified)"))
        return [chosen, JobID(stem)].compactMap { $0 } + [JobID(resembling: chosen?.text ?? stem, random: spread)]
    }

    /// The id whose record was born from this very file, nil when it was not taken in yet.
    private func reservedID(for path: String) throws(FileError) -> JobID? {
        guard let contents = try files.read(path, limit: JobDocument.maximumBytes) else { return nil }
        let document = try? JobDocument(reading: contents.bytes)
        for id in candidates(path, document, contents.status) {
            if try files.status(SpoolLayout.birth(id))?.inode == contents.status.inode { return id }
        }
        return nil
    }

    private func take(
        _ path: String, _ document: JobDocument, _ attachments: [String], _ status: FileStatus
    ) throws(FileError) -> InboxResult {
        var reserved = try reservedID(for: path)
        if reserved == nil {
            for id in candidates(path, document, status) {
                let isNew = try makeRecord(id)
                let lock = try files.lock(SpoolLayout.beat(id))
                defer { lock?.release() }
                // Another process may be taking in this very file, or have done so since the look above: to go on to
                // the next name would make a second job of it.
                if !isNew, let birth = try files.status(SpoolLayout.birth(id)) {
                    guard birth.inode == status.inode else { continue }
                    reserved = id
                    break
                }
                guard lock != nil else { return .wait(.milliseconds(100), "the name \(id) is being taken") }
                // A record without a file and without a life: a crash came right after it was made.
                if !isNew {
                    guard try isLeftBehind(id, except: nil) else { continue }
                }
                do {
                    try files.link(path, SpoolLayout.birth(id))
                } catch {
                    if isNew { try? removeTree(SpoolLayout.record(id)) }
                    guard error.errno == EPERM else { throw error }
                    // proc(5), protected_hardlinks: only its owner may give a file a second name.
                    let reason = "the file belongs to another user; give it to yours, for example by chown"
                    try setAside(path, because: reason)
                    return .setAside(reason)
                }
                reserved = id
                break
            }
        }
        guard let id = reserved else { return .nothing }
        guard let lock = try files.lock(SpoolLayout.beat(id)) else { return .wait(.seconds(1), "job \(id) is busy") }
        defer { lock.release() }
        try bringIn(attachments, of: id, beside: path)
        if try isUnused(id, except: nil) {
            try sync([SpoolLayout.birth(id), SpoolLayout.record(id)])
            try ignoringTaken { () throws(FileError) in
                try files.link(SpoolLayout.birth(id), SpoolLayout.token(id, in: .queued))
            }
            try sync([SpoolLayout.queued])
        }
        // The job file last: as long as it lies there, a crash is followed by another look.
        try removeAttachments(attachments, beside: path)
        try ignoringMissing { () throws(FileError) in try files.remove(path) }
        try removeIfEmptyFolder(of: path)
        return .submitted(id)
    }

    private func bringIn(_ attachments: [String], of id: JobID, beside path: String) throws(FileError) {
        guard !attachments.isEmpty else { return }
        try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.inputs(id)) }
        let targets = attachments.map { "\(SpoolLayout.inputs(id))/\($0)" }
        for (name, target) in zip(attachments, targets) where try files.status(target) == nil {
            try files.link(sibling(name, of: path), target)
        }
        try sync(targets + [SpoolLayout.inputs(id)])
    }

    /// The dropped files lie in the record now; one that another job file beside it names stays for that job.
    private func removeAttachments(_ attachments: [String], beside path: String) throws(FileError) {
        guard !attachments.isEmpty else { return }
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        var stillNamed: Set<String> = []
        for entry in try files.list(folder) where !entry.isFolder {
            // A neighbour that does not read is no job yet, and perhaps never: it must not hold up this one.
            guard case .job = DropName(entry.name), "\(folder)/\(entry.name)" != path,
                let document = try? document(at: "\(folder)/\(entry.name)")
            else { continue }
            stillNamed.formUnion(Self.attachments(of: document))
        }
        for name in attachments where !stillNamed.contains(name) {
            try ignoringMissing { () throws(FileError) in try files.remove("\(folder)/\(name)") }
        }
    }

    /// The user's folder around a job goes when nothing is left in it.
    private func removeIfEmptyFolder(of path: String) throws(FileError) {
        let parts = path.split(separator: "/")
        guard parts.count == 3 else { return }
        try removeIfEmpty(parts.dropLast().joined(separator: "/"))
    }
}
