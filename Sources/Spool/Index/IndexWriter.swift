internal import GRDB
internal import JobCore

/// The changes one writing transaction makes.
struct IndexWriter {
    let database: Database

    /// Writes every row with one of the two statements of `IndexSchema`.
    func write(_ rows: [IndexRow], with sql: String) throws {
        guard !rows.isEmpty else { return }
        var statement = try IndexStatement(sql, in: database)
        for row in rows {
            row.bind(to: &statement)
            try statement.run()
        }
    }

    func delete(_ ids: [JobID]) throws {
        guard !ids.isEmpty else { return }
        var statement = try IndexStatement("DELETE FROM jobs WHERE job_id = ?", in: database)
        for id in ids {
            statement.bind(id.text)
            try statement.run()
        }
    }

    func touchHeartbeats(_ beats: [(JobID, Timestamp)]) throws {
        guard !beats.isEmpty else { return }
        var statement = try IndexStatement(
            "UPDATE jobs SET heartbeat_at = ? WHERE job_id = ? AND status='RUNNING'", in: database)
        for (id, moment) in beats {
            statement.bind(moment.text)
            statement.bind(id.text)
            try statement.run()
        }
    }

    func setProgress(_ id: JobID, _ progress: Int, _ message: String) throws {
        var statement = try IndexStatement(
            "UPDATE jobs SET progress = ?, progress_message = ? WHERE job_id = ? AND status='RUNNING'", in: database)
        statement.bind(Int64(progress))
        statement.bind(message)
        statement.bind(id.text)
        try statement.run()
    }

    func setStamp(_ stamp: String?, ofFolder folder: String) throws {
        guard let stamp else {
            var statement = try IndexStatement("DELETE FROM dirs WHERE path = ?", in: database)
            statement.bind(folder)
            return try statement.run()
        }
        var statement = try IndexStatement(
            "INSERT INTO dirs VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp", in: database)
        statement.bind(folder)
        statement.bind(stamp)
        try statement.run()
    }

    /// Empty tables that wait for a refill.
    func empty() throws {
        try database.execute(sql: IndexSchema.removal + "\n" + IndexSchema.tables)
    }

    /// Indexes, triggers and counts over what a refill brought.
    func complete() throws { try database.execute(sql: IndexSchema.indexesAndTriggers) }

    /// From now on an opening trusts the rows.
    func finish() throws { try database.execute(sql: "UPDATE refill SET finished = 1;") }
}
