public import JobCore

/// A job's `log.txt`: lines for people, redacted, with the time in front.
extension SpoolFolder {
    /// The largest log of a job, in bytes; what comes after is dropped, and the log's last line says so.
    public static let logLimit = 1 << 20

    private static let lastLine = "The log is full (\(logLimit) bytes): later lines are left out.\n"

    /// Adds a line to the job's log.
    public func log(_ line: String, _ id: JobID) throws(FileError) {
        let size = Int(clamping: try files.status(SpoolLayout.log(id))?.size ?? 0)
        let room = Self.logLimit - Self.lastLine.utf8.count - size
        guard room >= 0 else { return }
        var text = "\(now().text) \(Redaction.redacted(line))\n"
        if text.utf8.count > room {
            // What is cut off leaves less room than the last line needs, so nothing ever follows that one.
            text = room > 0 ? "\(text.prefix(bytes: room - 1))\n\(Self.lastLine)" : Self.lastLine
        }
        try files.append(SpoolLayout.log(id), Array(text.utf8))
    }

    /// The job's log; empty when there is none.
    ///
    /// - Throws: `EFBIG` when somebody else made it far larger than we ever do.
    public func logText(_ id: JobID) throws(FileError) -> String {
        try files.read(SpoolLayout.log(id), limit: 64 << 20).map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }
}
