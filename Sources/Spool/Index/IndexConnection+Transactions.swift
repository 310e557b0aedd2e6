internal import GRDB

/// One transaction each, with errors in the product's words. Those with `await` hold no thread while they wait.
extension IndexConnection {
    func reading<Answer>(_ body: (IndexReader) throws -> Answer) throws -> Answer {
        do {
            return try database.read { try body(IndexReader(database: $0, path: path)) }
        } catch {
            throw wrapped(error)
        }
    }

    func reading<Answer: Sendable>(_ body: @Sendable (IndexReader) throws -> Answer) async throws -> Answer {
        do {
            return try await database.read { try body(IndexReader(database: $0, path: self.path)) }
        } catch {
            throw wrapped(error)
        }
    }

    func writing(_ body: (IndexWriter) throws -> Void) throws {
        do {
            try database.write { try body(IndexWriter(database: $0)) }
        } catch {
            throw wrapped(error)
        }
    }

    func writing(_ body: @Sendable (IndexWriter) throws -> Void) async throws {
        do {
            try await database.write { try body(IndexWriter(database: $0)) }
        } catch {
            throw wrapped(error)
        }
    }

    /// Runs while nothing waits for the disk; at its end all that was written is on the disk.
    ///
    /// For a refill: until its end a power cut costs what was filled, and no more (`refill` in the schema).
    func whileUnsynced(_ body: () throws -> Void) throws {
        try outsideOfTransactions {
            // What was committed before must be on the disk before anything without a sync is; a reader that stays for
            // longer than the busy timeout keeps the log, and then everything is synced as always.
            let isBusy = try Int.fetchOne($0, sql: "PRAGMA wal_checkpoint(RESTART)") != 0
            try syncFile($0)
            if !isBusy { try $0.execute(sql: "PRAGMA synchronous = OFF") }
        }
        do {
            try body()
        } catch {
            try? outsideOfTransactions { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
            throw error
        }
        try outsideOfTransactions {
            // The checkpoint syncs the log, and the file only when no reader is in its way.
            try $0.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA wal_checkpoint")
            try syncFile($0)
        }
    }

    private func outsideOfTransactions(_ body: (Database) throws -> Void) throws {
        do {
            try database.writeWithoutTransaction(body)
        } catch {
            throw wrapped(error)
        }
    }
}
