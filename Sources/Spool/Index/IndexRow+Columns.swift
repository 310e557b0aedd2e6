internal import JobCore

/// Between a row of the table and its value. The order is that of `IndexSchema.columns`.
extension IndexRow {
    /// Binds every column of the row.
    func bind(to statement: inout IndexStatement) {
        statement.bind(view.id.text)
        statement.bind(view.typeName)
        statement.bind(view.state.statusName)
        statement.bind(Int64(view.progress))
        statement.bind(view.progressMessage)
        statement.bind(view.prompt)
        statement.bind(JSONWriter.compact(view.params))
        statement.bind(Int64(view.priority))
        statement.bind(Int64(view.attempt))
        statement.bind(view.outputURLs.isEmpty ? "[]" : JSONWriter.compact(.array(view.outputURLs.map { .string($0) })))
        statement.bind(view.artifacts.isEmpty ? "[]" : JSONWriter.compact(.array(view.artifacts.map(\.json))))
        statement.bind(view.remoteID)
        statement.bind(view.createdAt.text)
        statement.bind(view.updatedAt.text)
        statement.bind(view.heartbeatAt?.text)
        statement.bind(view.startedAt?.text)
        statement.bind(view.finishedAt?.text)
        statement.bind(view.scheduledFor?.text)
        statement.bind(view.error?.code.rawValue)
        statement.bind(view.error?.message)
        statement.bind(view.error?.hint)
        statement.bind(view.error.map { $0.isRetryable ? 1 : 0 })
        statement.bind(view.warnings.isEmpty ? "[]" : JSONWriter.compact(.array(view.warnings.map { .string($0) })))
        statement.bind(view.prompt.map { "\(view.id.text) \($0.lowercased())" } ?? view.id.text)
        statement.bind(stamp)
        statement.bind(view.day?.text)
        statement.bind(view.publication.map { JSONWriter.compact($0.json) })
        statement.bind(view.marks.isEmpty ? nil : JSONWriter.compact(.object(view.marks.fields)))
    }

    /// Reads a row of all columns; nil when it holds what no job can hold.
    init?(_ row: borrowing IndexStatement) {
        guard let id = row.text(0).flatMap({ JobID($0) }), let typeName = row.text(1),
            let state = row.text(2).flatMap({ JobState(name: $0) }),
            let params = Self.json(row.text(6)), let outputURLs = Self.json(row.text(9))?.array,
            let artifacts = Self.json(row.text(10))?.array, let createdAt = row.text(12).flatMap({ Timestamp($0) }),
            let updatedAt = row.text(13).flatMap({ Timestamp($0) }), let warnings = Self.json(row.text(22))?.array,
            let stamp = row.integer(24)
        else { return nil }
        var view = JobView(id: id, state: state, typeName: typeName, createdAt: createdAt, updatedAt: updatedAt)
        view.day = row.text(25).flatMap { Day($0) }
        view.progress = Int(row.integer(3) ?? 0)
        view.progressMessage = row.text(4) ?? ""
        view.prompt = row.text(5)
        view.params = params
        view.priority = Int(row.integer(7) ?? 0)
        view.attempt = Int(row.integer(8) ?? 0)
        view.outputURLs = outputURLs.compactMap(\.string)
        view.artifacts = artifacts.compactMap { Artifact(json: $0) }
        view.remoteID = row.text(11)
        view.heartbeatAt = row.text(14).flatMap { Timestamp($0) }
        view.startedAt = row.text(15).flatMap { Timestamp($0) }
        view.finishedAt = row.text(16).flatMap { Timestamp($0) }
        view.scheduledFor = row.text(17).flatMap { Timestamp($0) }
        view.error = row.text(18).map { code in
            Failure(
                FailureCode(rawValue: code) ?? .internalError, row.text(19) ?? "", hint: row.text(20),
                isRetryable: row.integer(21).map { $0 != 0 })
        }
        view.warnings = warnings.compactMap(\.string)
        view.publication = Self.json(row.text(26)).flatMap { Publication(json: $0, of: id) }
        view.marks = JobMarks(fields: Self.json(row.text(27))?.object ?? [:])
        self.init(view: view, stamp: stamp)
    }

    private static func json(_ text: String?) -> JSONValue? {
        switch text {
        case "[]": [] as JSONValue
        case "{}": [:] as JSONValue
        case let text?: try? JSONReader.read(Array(text.utf8))
        case nil: nil
        }
    }
}
