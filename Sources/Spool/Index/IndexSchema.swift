/// The tables of the index, in one place.
///
/// Invariants:
/// 1. Any change here raises `version`. A file of another version is set aside and filled anew, never migrated.
/// 2. `counts` equals `SELECT status, type, count(*) FROM jobs GROUP BY 1, 2` after every transaction; the triggers
///    keep it. Only while a refill is under way it is behind.
enum IndexSchema {
    /// Stands in `PRAGMA user_version`.
    static let version: Int64 = 4
    /// Stands in `PRAGMA application_id`, so that a foreign SQLite file is not taken for an index: "Kino" in ASCII.
    static let applicationID: Int64 = 0x4B69_6E6F

    /// The columns of `jobs`, in the order in which rows are bound and read.
    static let columns: [(name: String, declaration: String)] = [
        ("job_id", "TEXT PRIMARY KEY NOT NULL"), ("type", "TEXT NOT NULL"), ("status", "TEXT NOT NULL"),
        ("progress", "INTEGER NOT NULL"), ("progress_message", "TEXT NOT NULL"), ("prompt", "TEXT"),
        ("params", "TEXT NOT NULL"), ("priority", "INTEGER NOT NULL"), ("attempt", "INTEGER NOT NULL"),
        ("output_urls", "TEXT NOT NULL"), ("artifacts", "TEXT NOT NULL"), ("runpod_job_id", "TEXT"),
        ("created_at", "TEXT NOT NULL"), ("updated_at", "TEXT NOT NULL"), ("heartbeat_at", "TEXT"),
        ("started_at", "TEXT"), ("finished_at", "TEXT"), ("scheduled_for", "TEXT"), ("error_code", "TEXT"),
        ("error_message", "TEXT"), ("error_hint", "TEXT"), ("error_retryable", "INTEGER"),
        ("warnings", "TEXT NOT NULL"),
        // Beyond the view: what a search looks into (lower case, by Unicode's rules), and the token's stamp.
        ("search", "TEXT NOT NULL"), ("stamp", "INTEGER NOT NULL"),
        // The day folder in which the token lies.
        ("day", "TEXT"),
        // What of it is in object storage, as JSON; no link, because links may be signed.
        ("publication", "TEXT"),
        // What a person noted on it, as JSON; NULL for nothing.
        ("marks", "TEXT"),
    ]

    static let columnList = columns.map(\.name).joined(separator: ", ")

    /// Says who made the file; runs before any table exists.
    static let marks = """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    /// Empty tables without indexes and triggers: inserting many rows is quicker so.
    static let tables = """
        CREATE TABLE jobs (
          \(columns.map { "\($0.name) \($0.declaration)" }.joined(separator: ",\n  "))
        );
        CREATE TABLE counts (
          status TEXT NOT NULL, type TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (status, type)
        ) WITHOUT ROWID;
        CREATE TABLE dirs (path TEXT PRIMARY KEY NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE refill (finished INTEGER NOT NULL);
        INSERT INTO refill VALUES (0);
        """

    static let removal = """
        DROP TABLE IF EXISTS jobs;
        DROP TABLE IF EXISTS counts;
        DROP TABLE IF EXISTS dirs;
        DROP TABLE IF EXISTS refill;
        """

    /// What is laid over the filled tables. `idx_created` holds what a search looks into, so that one that finds little
    /// reads a fifth of the file (Documentation/decisions/0012-search-walks-the-rows.md).
    static let indexesAndTriggers = """
        CREATE INDEX IF NOT EXISTS idx_status_created ON jobs(status, created_at DESC, job_id DESC);
        CREATE INDEX IF NOT EXISTS idx_created ON jobs(created_at DESC, job_id DESC, search);
        CREATE INDEX IF NOT EXISTS idx_heartbeat ON jobs(heartbeat_at) WHERE status='RUNNING';
        CREATE INDEX IF NOT EXISTS idx_place ON jobs(status, day);
        \(statistics)
        DELETE FROM counts;
        INSERT INTO counts SELECT status, type, count(*) FROM jobs GROUP BY status, type;
        CREATE TRIGGER IF NOT EXISTS jobs_inserted AFTER INSERT ON jobs BEGIN
          \(counted("new"))
        END;
        CREATE TRIGGER IF NOT EXISTS jobs_deleted AFTER DELETE ON jobs BEGIN
          \(uncounted("old"))
        END;
        CREATE TRIGGER IF NOT EXISTS jobs_moved AFTER UPDATE OF status, type ON jobs
        WHEN old.status <> new.status OR old.type <> new.type BEGIN
          \(uncounted("old"))
          \(counted("new"))
        END;
        """

    /// What `ANALYZE` would find in a spool of some age, fixed so that no plan depends on the day: among many jobs few
    /// run. (An `ANALYZE` of a small table makes the table that keeps it.)
    private static let statistics = """
        ANALYZE refill;
        DELETE FROM sqlite_stat1 WHERE tbl = 'jobs';
        INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('jobs', 'idx_heartbeat', '8 1'),
          ('jobs', 'idx_place', '100000 20000 1000'),
          ('jobs', 'idx_created', '100000 1 1 1'), ('jobs', 'idx_status_created', '100000 20000 1 1'),
          ('jobs', 'sqlite_autoindex_jobs_1', '100000 1');
        ANALYZE sqlite_schema;
        """

    /// Writes one row over whatever stood under its id.
    static let upsert = insertion + updates

    /// Writes one row unless what stands under its id is newer: a refill reads files while jobs go on moving.
    static let refill = insertion + updates + " WHERE excluded.stamp >= jobs.stamp"

    private static let insertion = """
        INSERT INTO jobs (\(columnList)) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (job_id) DO UPDATE SET \n
        """

    private static let updates = columns.dropFirst().map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", ")

    private static func counted(_ row: String) -> String {
        "INSERT INTO counts VALUES (\(row).status, \(row).type, 1) ON CONFLICT DO UPDATE SET n = n + 1;"
    }

    private static func uncounted(_ row: String) -> String {
        """
        UPDATE counts SET n = n - 1 WHERE status = \(row).status AND type = \(row).type;
          DELETE FROM counts WHERE status = \(row).status AND type = \(row).type AND n <= 0;
        """
    }
}
