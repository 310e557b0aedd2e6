internal import JobCore
internal import Synchronization

/// Filling the index from nothing.
///
/// Other calls may go on meanwhile: of two rows for one job the one with the newer stamp stays, and what was deleted by
/// this process stays deleted. Lists work but see only what is there; counts are zero until the end.
extension JobIndex {
    /// Empties the index and fills it with the batches until one is empty, blocking; each batch is one transaction,
    /// 1000 to 5000 rows are a good size. Stamps of folders are forgotten.
    ///
    /// - Throws: what `nextBatch` throws, `IndexDamaged` or `Failure`. After any of them `wasRebuilt` stays true.
    public func rebuild(nextBatch: () throws -> [IndexRow]) throws {
        try rebuild { write in
            while true {
                let batch = try nextBatch()
                if batch.isEmpty { break }
                try write(batch)
            }
        }
    }

    /// Empties the index and fills it with all batches that the body writes, blocking.
    func rebuild(_ body: (_ write: ([IndexRow]) throws -> Void) throws -> Void) throws {
        // One connection throughout: if it is replaced meanwhile, the new file must not pass for filled.
        let connection = current
        defer { deletedDuringRefill.withLock { $0 = nil } }
        try connection.writing { try self.begin(connection, $0) }
        try connection.whileUnsynced {
            try body { batch in try connection.writing { try self.refill(batch, $0) } }
            try connection.writing { try $0.complete() }
        }
        try connection.writing { try $0.finish() }
        connection.wantsRefill.store(false, ordering: .releasing)
    }

    /// Empties the index and fills it with all batches; each is one transaction, 1000 to 5000 rows are a good size.
    /// Stamps of folders are forgotten.
    ///
    /// - Throws: what the sequence throws, `IndexDamaged` or `Failure`. After any of them `wasRebuilt` stays true.
    public func rebuild<Batches: AsyncSequence>(from batches: Batches) async throws
    where Batches.Element == [IndexRow] {
        let connection = current
        defer { deletedDuringRefill.withLock { $0 = nil } }
        try await connection.writing { try self.begin(connection, $0) }
        for try await batch in batches { try await connection.writing { try self.refill(batch, $0) } }
        try await connection.writing {
            try $0.complete()
            try $0.finish()
        }
        connection.wantsRefill.store(false, ordering: .releasing)
    }

    private func begin(_ connection: IndexConnection, _ writer: IndexWriter) throws {
        try writer.empty()
        connection.wantsRefill.store(true, ordering: .releasing)
        deletedDuringRefill.withLock { $0 = [] }
    }

    private func refill(_ batch: [IndexRow], _ writer: IndexWriter) throws {
        let deleted = deletedDuringRefill.withLock { $0 ?? [] }
        let rows = deleted.isEmpty ? batch : batch.filter { !deleted.contains($0.view.id) }
        try writer.write(rows, with: IndexSchema.refill)
    }
}
