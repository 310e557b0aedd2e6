import JobCore

/// The `cursor` of a list: opaque to clients, the place after which the next page begins to us.
enum PageCursor {
    static func text(_ cursor: JobCursor) -> String { "\(cursor.createdAt.milliseconds)~\(cursor.id.text)" }

    static func cursor(_ text: String) -> JobCursor? {
        let parts = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (48...57).contains($0) }), let time = Int64(parts[0]),
            let id = JobID(parts[1])
        else { return nil }
        return JobCursor(createdAt: Timestamp(milliseconds: time), id: id)
    }
}
