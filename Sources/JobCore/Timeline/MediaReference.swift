/// Where a clip, a sound or a caption file comes from.
public enum MediaReference: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// What another job made: its first film (or sound), or the artifact of that name.
    case job(JobID, artifact: String?)
    /// As written: the name of an attachment, an absolute path, or a URL.
    case file(String)

    /// The form people write: `job:shot1`, `job:shot1/video.mp4`, `intro.mp4`, `https://…`.
    public var description: String {
        switch self {
        case .job(let id, let artifact): "job:\(id)" + (artifact.map { "/\($0)" } ?? "")
        case .file(let text): text
        }
    }

    /// The job that must be done before this can be read; nil for files.
    public var neededJob: JobID? {
        if case .job(let id, _) = self { id } else { nil }
    }

    /// Reads one text, with `job:` in front of a job's id.
    ///
    /// - Throws: `invalid_job` at the key.
    init(_ text: String, _ reader: FieldReader, _ key: String) throws(Failure) {
        let prefix = "job:"
        if text.lowercased().hasPrefix(prefix) {
            self = try Self.job(String(text.dropFirst(prefix.count)), reader, key)
            return
        }
        let hasControl = text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        guard !text.isEmpty, !hasControl else {
            throw reader.failure(key, "must be a file name, a path, a URL or job:ID")
        }
        self = .file(text)
    }

    /// Reads the one of `url`, `path` and `job` that an object has.
    init(_ reader: FieldReader) throws(Failure) {
        let keys = ["url", "path", "job"].filter { reader.present($0) != nil }
        guard let key = keys.first, keys.count == 1 else {
            throw reader.failure("url", "or path or job is needed, exactly one of them")
        }
        let text = try reader.text(key, maximumBytes: 4096) ?? ""
        self =
            try key == "job" && !text.lowercased().hasPrefix("job:")
            ? Self.job(text, reader, key) : Self(text, reader, key)
    }

    private static func job(_ text: String, _ reader: FieldReader, _ key: String) throws(Failure) -> MediaReference {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let id = JobID(String(parts[0])) else { throw reader.failure(key, "names no legal job id") }
        guard parts.count > 1 else { return .job(id, artifact: nil) }
        guard PlainName.isLegal(parts[1]) else { throw reader.failure(key, "names no legal artifact") }
        return .job(id, artifact: String(parts[1]))
    }
}
