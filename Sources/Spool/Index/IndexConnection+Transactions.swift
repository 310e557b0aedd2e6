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
}
