import GRDB
import Glibc
import JobCore
import Spool
import Testing

@Suite struct IndexSchemaTests {
    private let folder: IndexFolder
    private let index: JobIndex

    init() throws {
        folder = try IndexFolder()
        index = try JobIndex(path: folder.database)
    }

    @Test func columns_ofJobs_haveTheNamesPeopleQuery() throws {
        let names = try query { try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('jobs')") }
        #expect(
            names == [
                "job_id", "type", "status", "progress", "progress_message", "prompt", "params", "priority", "attempt",
                "output_urls", "artifacts", "runpod_job_id", "created_at", "updated_at", "heartbeat_at", "started_at",
                "finished_at", "scheduled_for", "error_code", "error_message", "error_hint", "error_retryable",
                "warnings", "search", "stamp", "day", "publication", "marks",
            ])
        let key = try query { try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('jobs') WHERE pk > 0") }
        #expect(key == ["job_id"])
    }

    @Test func indexes_afterOpening_areTheFourAgreed() throws {
        let statements = try query {
            try String.fetchAll($0, sql: "SELECT sql FROM sqlite_schema WHERE type='index' AND sql > '' ORDER BY name")
        }
        #expect(
            statements == [
                "CREATE INDEX idx_created ON jobs(created_at DESC, job_id DESC, search)",
                "CREATE INDEX idx_heartbeat ON jobs(heartbeat_at) WHERE status='RUNNING'",
                "CREATE INDEX idx_place ON jobs(status, day)",
                "CREATE INDEX idx_status_created ON jobs(status, created_at DESC, job_id DESC)",
            ])
    }

    @Test(arguments: [
        ("SELECT job_id FROM jobs WHERE status='RUNNING' AND heartbeat_at < '2026'", "idx_heartbeat"),
        ("SELECT job_id FROM jobs WHERE status='FAILED' ORDER BY created_at DESC, job_id DESC", "idx_status_created"),
        ("SELECT job_id FROM jobs ORDER BY created_at DESC, job_id DESC LIMIT 5", "idx_created"),
        (
            "SELECT job_id FROM jobs WHERE instr(search, 'x') > 0 ORDER BY created_at DESC, job_id DESC LIMIT 5",
            "COVERING INDEX idx_created"
        ),
        ("SELECT job_id, stamp FROM jobs WHERE status = 'SUCCEEDED' AND day IS NULL", "idx_place"),
        ("SELECT job_id, stamp FROM jobs WHERE status = 'SUCCEEDED' AND day IS '2026-11-22'", "idx_place"),
    ])
    func plan_ofACommonQuestion_usesItsIndexAndSortsNothing(sql: String, name: String) throws {
        let plan = try query { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String } }
        #expect(plan.count == 1)
        #expect(plan.joined().contains(name))
    }

    @Test func file_whenMade_isReadableByItsOwnerOnly() throws {
        for name in folder.names() {
            var status = stat()
            #expect(stat("\(folder.path)/\(name)", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
        #expect(folder.names() == ["jobs.sqlite", "jobs.sqlite-shm", "jobs.sqlite-wal"])
    }

    @Test func rows_readByHand_speakInStatusNamesAndRFC3339() throws {
        var row = IndexSamples.row("boats", .running)
        row.view.heartbeatAt = Timestamp("2026-11-23T14:03:55.123Z")
        try index.apply(upserts: [row, IndexSamples.row("other", .done)])
        let rows = try query {
            try Row.fetchAll($0, sql: "SELECT job_id, status, heartbeat_at FROM jobs WHERE status='RUNNING'")
        }
        #expect(rows == [["job_id": "boats", "status": "RUNNING", "heartbeat_at": "2026-11-23T14:03:55.123Z"]])
        let status = try query { try String.fetchOne($0, sql: "SELECT status FROM jobs WHERE job_id='other'") }
        #expect(status == "SUCCEEDED")
    }

    @Test func refill_leavesTheSchemaAsItWas() throws {
        let sql = "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY 1"
        let before = try query { try String.fetchAll($0, sql: sql) }
        try index.rebuild { [] }
        #expect(try query { try String.fetchAll($0, sql: sql) } == before)
    }

    private func query<Answer>(_ body: (Database) throws -> Answer) throws -> Answer {
        try DatabaseQueue(path: folder.database).read(body)
    }
}
