internal import GRDB
internal import JobCore

/// The questions one reading transaction answers.
struct IndexReader {
    let database: Database
    let path: String

    func view(_ id: JobID) throws -> JobView? {
        try rows("SELECT \(IndexSchema.columnList) FROM jobs WHERE job_id = ?") { $0.bind(id.text) }.first?.view
    }

    /// One page. Every wanted state is walked along its own index up to the limit, then they are merged: to list the
    /// few running jobs never means to pass the many done ones.
    func list(_ query: JobQuery) throws -> [JobView] {
        let areAll = query.states.isEmpty || query.states.count == JobState.allCases.count
        let states = areAll ? [nil] : JobState.allCases.filter(query.states.contains).map(Optional.some)
        var conditions: [String] = []
        if !query.types.isEmpty { conditions.append("type IN (SELECT value FROM json_each(?))") }
        if query.text != nil { conditions.append("instr(search, ?) > 0") }
        if query.after != nil { conditions.append("(created_at, job_id) < (?, ?)") }
        let arms = states.map { state in
            let all = (state == nil ? [] : ["status = ?"]) + conditions
            let filter = all.isEmpty ? "" : " WHERE " + all.joined(separator: " AND ")
            return "SELECT * FROM (SELECT job_id FROM jobs\(filter) ORDER BY created_at DESC, job_id DESC LIMIT ?)"
        }
        let sql = """
            SELECT \(IndexSchema.columnList) FROM jobs WHERE job_id IN (\(arms.joined(separator: " UNION ALL ")))
            ORDER BY created_at DESC, job_id DESC LIMIT ?
            """
        let types = JSONWriter.compact(.array(query.types.sorted().map { .string($0) }))
        return try rows(sql) { statement in
            for state in states {
                if let state { statement.bind(state.statusName) }
                if !query.types.isEmpty { statement.bind(types) }
                if let text = query.text { statement.bind(text.lowercased()) }
                if let after = query.after {
                    statement.bind(after.createdAt.text)
                    statement.bind(after.id.text)
                }
                statement.bind(Int64(query.limit))
            }
            statement.bind(Int64(query.limit))
        }.map(\.view)
    }

    func ids(at place: JobPlace) throws -> [JobID: Int64] {
        var stamps: [JobID: Int64] = [:]
        try forEachRow("SELECT job_id, stamp FROM jobs WHERE status = ? AND day IS ?") {
            $0.bind(place.state.statusName)
            $0.bind(place.day?.text)
        } body: {
            stamps[try id($0)] = $0.integer(1) ?? 0
        }
        return stamps
    }

    /// The folders of which a stamp is kept, with their stamps.
    func stamps() throws -> [String: String] {
        var stamps: [String: String] = [:]
        try forEachRow("SELECT path, stamp FROM dirs") { row in
            if let path = row.text(0) { stamps[path] = row.text(1) }
        }
        return stamps
    }

    func counts() throws -> [JobState: Int] {
        var counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, 0) })
        try forEachRow("SELECT status, sum(n) FROM counts GROUP BY status") { row in
            guard let state = row.text(0).flatMap({ JobState(name: $0) }), let count = row.integer(1) else {
                throw IndexDamaged(path, "its table counts holds an unknown status")
            }
            counts[state] = Int(count)
        }
        return counts
    }

    func matching(prefix: String, limit: Int) throws -> [JobID] {
        var ids: [JobID] = []
        // Ids are ASCII below the tilde, so the tilde ends the range of all that begin with the prefix.
        try forEachRow("SELECT job_id FROM jobs WHERE job_id >= ? AND job_id < ? ORDER BY job_id LIMIT ?") {
            $0.bind(prefix)
            $0.bind(prefix + "~")
            $0.bind(Int64(max(0, limit)))
        } body: {
            ids.append(try id($0))
        }
        return ids
    }

    func newest(in state: JobState?) throws -> JobID? {
        var newest: JobID?
        let filter = state == nil ? "" : "WHERE status = ?"
        try forEachRow("SELECT job_id FROM jobs \(filter) ORDER BY created_at DESC, job_id DESC LIMIT 1") { statement in
            if let state { statement.bind(state.statusName) }
        } body: {
            newest = try id($0)
        }
        return newest
    }

    func stamp(ofFolder folder: String) throws -> String? {
        var stamp: String?
        try forEachRow("SELECT stamp FROM dirs WHERE path = ?") {
            $0.bind(folder)
        } body: {
            stamp = $0.text(0)
        }
        return stamp
    }

    func dump() throws -> [String] {
        var lines: [String] = []
        try forEachRow("SELECT \(IndexSchema.columnList) FROM jobs ORDER BY job_id") { row in
            let cells = IndexSchema.columns.indices.map { column in
                "\(IndexSchema.columns[column].name)=\(row.text(column).map { JSONWriter.compact(.string($0)) } ?? "-")"
            }
            lines.append(cells.joined(separator: " "))
        }
        return lines
    }

    func isRefilled() throws -> Bool {
        var isRefilled = false
        try forEachRow("SELECT finished FROM refill") { isRefilled = $0.integer(0) == 1 }
        return isRefilled
    }

    func number(ofPragma name: String) throws -> Int64 {
        var number: Int64 = 0
        try forEachRow("PRAGMA \(name)") { number = $0.integer(0) ?? 0 }
        return number
    }

    private func id(_ row: borrowing IndexStatement) throws -> JobID {
        guard let id = row.text(0).flatMap({ JobID($0) }) else {
            throw IndexDamaged(path, "a row has an illegal job_id")
        }
        return id
    }

    private func rows(_ sql: String, bind: (inout IndexStatement) -> Void) throws -> [IndexRow] {
        var rows: [IndexRow] = []
        try forEachRow(sql, bind: bind) { statement in
            guard let row = IndexRow(statement) else {
                throw IndexDamaged(path, "the row of \(statement.text(0) ?? "a job") cannot be read")
            }
            rows.append(row)
        }
        return rows
    }

    private func forEachRow(
        _ sql: String, bind: (inout IndexStatement) -> Void = { _ in }, body: (borrowing IndexStatement) throws -> Void
    ) throws {
        var statement = try IndexStatement(sql, in: database)
        bind(&statement)
        try statement.forEachRow(body)
    }
}
