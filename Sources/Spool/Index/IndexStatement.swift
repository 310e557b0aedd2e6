internal import GRDB
internal import GRDBSQLite

/// One prepared statement, kept by its connection for the next time.
///
/// It binds and reads by SQLite's own calls: they are quicker, and GRDB's row access traps on a value of an unexpected
/// type, which a damaged index must never cause.
struct IndexStatement {
    private let database: Database
    private let statement: Statement
    private var bound: Int32 = 0

    init(_ sql: String, in database: Database) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql)
        // The answer repeats the error of the last run, which was reported then.
        sqlite3_reset(statement.sqliteStatement)
    }

    /// Binds the next parameter.
    mutating func bind(_ text: String?) {
        guard let text else { return bindNull() }
        bound += 1
        // SQLITE_TRANSIENT: SQLite takes a copy before the call returns.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        var contiguous = text
        contiguous.withUTF8 { bytes in
            // An empty Swift string may have no address, and no address means NULL.
            guard let start = bytes.baseAddress else { return _ = sqlite3_bind_text(handle, bound, "", 0, copies) }
            _ = start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text(handle, bound, $0, Int32(bytes.count), copies)
            }
        }
    }

    /// Binds the next parameter.
    mutating func bind(_ number: Int64?) {
        guard let number else { return bindNull() }
        bound += 1
        sqlite3_bind_int64(handle, bound, number)
    }

    /// Runs to the end, and is ready for the next set of parameters.
    mutating func run() throws { try forEachRow { _ in } }

    /// Hands over each row; the values are read with `text` and `integer`, columns counted from 0.
    mutating func forEachRow(_ body: (borrowing IndexStatement) throws -> Void) throws {
        bound = 0
        defer { sqlite3_reset(handle) }
        while true {
            let code = sqlite3_step(handle)
            switch code {
            case SQLITE_ROW: try body(self)
            case SQLITE_DONE: return
            default: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
            }
        }
    }

    /// The text of a column; nil for NULL.
    func text(_ column: Int) -> String? {
        guard let start = sqlite3_column_text(handle, Int32(column)) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The number of a column; nil for NULL.
    func integer(_ column: Int) -> Int64? {
        guard sqlite3_column_type(handle, Int32(column)) != SQLITE_NULL else { return nil }
        return sqlite3_column_int64(handle, Int32(column))
    }

    private var handle: SQLiteStatement { statement.sqliteStatement }

    private mutating func bindNull() {
        bound += 1
        sqlite3_bind_null(handle, bound)
    }
}
