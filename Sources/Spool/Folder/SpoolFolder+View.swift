public import JobCore

/// Reading a job for people and clients: from the files, never from the index.
extension SpoolFolder {
    /// One job in full, nil when it has no readable token.
    public func view(_ id: JobID) throws(FileError) -> JobView? {
        for _ in 0..<2 {
            guard let place = try place(of: id) else { return nil }
            if let found = try view(id, at: place) { return found.view }
        }
        return nil
    }

    /// One job at one place, with the change time of its token in nanoseconds (the stamp of the index's row).
    public func view(_ id: JobID, at place: JobPlace) throws(FileError) -> (view: JobView, stamp: Int64)? {
        let state = place.state
        let contents: FileContents?
        do {
            contents = try files.read(SpoolLayout.token(id, at: place), limit: JobDocument.maximumRewrittenBytes)
        } catch {
            if error.isNoJobFile { return nil }
            throw error
        }
        guard let contents, let document = try? JobDocument(reading: contents.bytes) else { return nil }
        var view = JobView(
            id: id, state: state, typeName: document.typeName, createdAt: Self.createdAt(document, contents.status),
            updatedAt: Timestamp(milliseconds: contents.status.changed / 1_000_000))
        view.day = place.day
        // Going to rest in a day folder changed the file's time, not the job.
        if place.day != nil, let finishedAt = document.finishedAt { view.updatedAt = finishedAt }
        view.prompt = document.prompt
        view.params = document[.params] ?? [:]
        view.priority = document[.priority]?.integer.flatMap(Int.init(exactly:)) ?? 0
        view.attempt = document.attempt
        view.marks = JobMarks(document)
        view.startedAt = state == .queued ? nil : document.startedAt
        view.remoteRuns = try remoteRuns(of: view, document)
        view.remoteID = view.remoteRuns.last?.id
        try addLife(to: &view, document, contents.status)
        return (view, contents.status.changed)
    }

    /// An ended job tells of its runs itself; of one that runs or was canceled the record knows more.
    private func remoteRuns(of view: JobView, _ document: JobDocument) throws(FileError) -> [RemoteRecord] {
        let told = document.remoteRuns
        guard told.isEmpty, document.attempt > 0, view.state != .done else { return told }
        return try run(of: view.id)?.remotes ?? []
    }

    private func addLife(to view: inout JobView, _ document: JobDocument, _ status: FileStatus) throws(FileError) {
        let id = view.id
        switch view.state {
        case .queued:
            let modified = Timestamp(milliseconds: status.modified / 1_000_000)
            if modified > now() { view.scheduledFor = modified }
        case .running:
            let said = try progress(id, attempt: document.attempt)
            (view.progress, view.progressMessage, view.remoteHint) = (said.percent, said.message, said.hint)
            view.heartbeatAt = try heartbeat(id)
        case .done:
            view.progress = 100
            view.finishedAt = document.finishedAt
            view.artifacts = document.artifacts
            view.warnings = document.warnings
            view.outputURLs = document.artifacts.map { artifact in
                fileURL("\(SpoolLayout.scratch(id, attempt: document.attempt))/\(artifact.name)")
            }
            // Behind the artifacts, whose links are made from their position.
            view.outputURLs += (document[.externalURLs]?.array ?? []).compactMap(\.string)
            view.publication = try publication(of: id, document)
            if let complaint = view.publication?.complaint {
                view.warnings = WarningList(view.warnings + [complaint]).texts
            }
        case .failed, .canceled:
            view.progress = try progress(id, attempt: document.attempt).percent
            view.finishedAt = document.finishedAt
            // An outcome counts only in the folder that matches it: a file that was moved by hand has none.
            let byHand = Failure(.userCanceled, "The file was moved to \(view.state.rawValue)/ by hand.")
            let told = document.outcome == view.state ? document : try verdict(id, on: document)
            view.error = told?.error ?? byHand
            view.warnings = told?.warnings ?? []
        }
    }

    /// Why the monitor failed this attempt, while its token does not say so yet; nil when the monitor did not.
    private func verdict(_ id: JobID, on document: JobDocument) throws(FileError) -> JobDocument? {
        guard let bytes = try bytes(at: SpoolLayout.verdict(id), limit: JobDocument.maximumBytes),
            let verdict = try? JobDocument(reading: bytes), verdict.attempt == document.attempt
        else { return nil }
        return verdict
    }

    /// Last sign of life, never in the future; nil without a record.
    public func heartbeat(_ id: JobID) throws(FileError) -> Timestamp? {
        try files.status(SpoolLayout.beat(id)).map {
            min(Timestamp(milliseconds: $0.modified / 1_000_000), now())
        }
    }

    /// The raw modification time of the heartbeat file, for the monitor's own clock; nil without a record.
    public func beatStamp(_ id: JobID) throws(FileError) -> Int64? { try files.status(SpoolLayout.beat(id))?.modified }

    /// What the attempt last said of itself; 0 and no words when it said nothing, or another attempt did.
    func progress(
        _ id: JobID, attempt: Int
    ) throws(FileError) -> (percent: Int, message: String, hint: RemoteHint?) {
        guard let bytes = try bytes(at: SpoolLayout.progress(id), limit: 64 * 1024),
            let fields = (try? JSONReader.read(bytes))?.object, fields["attempt"]?.integer == Int64(attempt)
        else { return (0, "", nil) }
        let percent = fields["percent"]?.integer.flatMap(Int.init(exactly:)) ?? 0
        let hint = fields["hint"]?.string.flatMap(RemoteHint.init)
        return (min(max(percent, 0), 99), fields["message"]?.string ?? "", hint)
    }

    /// Writes what an attempt says of itself; in place, never synced, readers forgive a torn one.
    public func report(
        _ percent: Int, _ message: String, hint: RemoteHint? = nil, of job: ClaimedJob
    ) throws(FileError) {
        var line: [String: JSONValue] = [
            "attempt": .integer(Int64(job.attempt)), "percent": .integer(Int64(percent)),
            "message": .string(String(Redaction.redacted(message).prefix(200))),
        ]
        line["hint"] = hint.map { .string($0.rawValue) }
        try files.overwrite(SpoolLayout.progress(job.id), Array(JSONWriter.compact(.object(line)).utf8))
    }

    /// `file://` with what RFC 3986 does not allow in a path percent-encoded.
    func fileURL(_ path: String) -> String {
        var url = Array("file://".utf8)
        for byte in absolute(path).utf8 {
            if Self.isPlainInURL(byte) {
                url.append(byte)
            } else {
                url += Array(("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)).utf8)
            }
        }
        return String(decoding: url, as: UTF8.self)
    }

    private static func isPlainInURL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
