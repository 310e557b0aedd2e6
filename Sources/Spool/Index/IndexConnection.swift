internal import GRDB
internal import GRDBSQLite
internal import JobCore
internal import Synchronization

/// One opened index: SQLite's connections, and which files they were opened on.
final class IndexConnection: Sendable {
    let database: any DatabaseWriter
    let path: String
    /// The database, its log and its shared memory as they were when it was opened.
    let identities: [IndexFile.Identity?]
    /// True until the tables were filled to the end.
    let wantsRefill: Atomic<Bool>
    /// Set by the first error that tells of damage; never taken back.
    private let damage = Atomic<Bool>(false)

    private init(_ database: any DatabaseWriter, _ file: IndexFile, wantsRefill: Bool) {
        (self.database, path, identities) = (database, file.path, file.identities())
        self.wantsRefill = Atomic(wantsRefill)
    }

    var isDamaged: Bool { damage.load(ordering: .acquiring) }

    func noteDamage() { damage.store(true, ordering: .releasing) }

    /// The error in the product's words; remembers damage.
    func wrapped(_ error: any Error) -> any Error {
        let wrapped = IndexFailure.wrapped(error, path: path, isInPlace: isInPlace())
        if wrapped is IndexDamaged { noteDamage() }
        return wrapped
    }

    /// Opens for reading what is there.
    ///
    /// - Throws: `IndexDamaged` when there is none or it is broken.
    static func reading(_ file: IndexFile) throws -> IndexConnection {
        guard IndexFile.identity(file.path) != nil else { throw IndexDamaged(file.path, "there is no such file") }
        do {
            return try checked(try DatabaseQueue(path: file.path, configuration: configuration(readOnly: true)), file)
        } catch {
            throw IndexFailure.wrapped(error, path: file.path)
        }
    }

    /// Opens what is there, or, when that is broken, sets it aside and makes an empty one.
    ///
    /// - Parameter condemned: the database that was found damaged: never opened again.
    static func writing(_ file: IndexFile, condemned: IndexFile.Identity?) throws -> IndexConnection {
        try file.checkRoom()
        return try file.whileLocked {
            do {
                if let found = IndexFile.identity(file.path), found != condemned {
                    let pool = try DatabasePool(path: file.path, configuration: configuration(readOnly: false))
                    return try checked(pool, file)
                }
            } catch {
                let wrapped = IndexFailure.wrapped(error, path: file.path)
                guard wrapped is IndexDamaged else { throw wrapped }
            }
            try file.setAside()
            try file.create()
            do {
                let pool = try DatabasePool(path: file.path, configuration: configuration(readOnly: false))
                try pool.write { database in
                    try database.execute(sql: IndexSchema.marks + IndexSchema.tables + IndexSchema.indexesAndTriggers)
                }
                try file.settleSharedMemory()
                return IndexConnection(pool, file, wantsRefill: true)
            } catch {
                throw IndexFailure.wrapped(error, path: file.path)
            }
        }
    }

    /// Whether the names still stand for the opened files, their heads are SQLite's, and a question gets its answer.
    func check(_ reader: IndexReader) throws {
        let sqlite = Array("SQLite format 3\0".utf8)
        guard try head(SQLITE_FCNTL_FILE_POINTER, 16, of: reader.database) == sqlite else {
            throw IndexDamaged(path, "its head was overwritten")
        }
        // 0x377F0682, or 83 where checksums are big-endian; an emptied log has no head
        // (https://www.sqlite.org/walformat.html).
        let log = try head(SQLITE_FCNTL_JOURNAL_POINTER, 4, of: reader.database)
        guard log.isEmpty || log == [0x37, 0x7F, 0x06, 0x82] || log == [0x37, 0x7F, 0x06, 0x83] else {
            throw IndexDamaged(path, "the head of its log was overwritten")
        }
        _ = try reader.isRefilled()
        if let newest = try reader.newest(in: nil) { _ = try reader.view(newest) }
    }

    /// True while the names stand for the files that were opened.
    func isInPlace() -> Bool {
        // A reader's connection may find the companions only later. A writer's were made when it was opened: where one
        // was not seen, somebody removed it in the same moment, and nobody else would ever see what is written to it.
        let mayComeLater = !(database is DatabasePool)
        return zip(identities, IndexFile(path: path).identities()).allSatisfy { opened, now in
            opened == nil ? mayComeLater : opened == now
        }
    }

    /// Waits until all that was written to the database's own file is on the disk, also what came without a sync.
    func syncFile(_ database: Database) throws {
        try withFile(SQLITE_FCNTL_FILE_POINTER, of: database) { file, methods in
            guard methods.xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK else {
                throw IndexDamaged(path, "it cannot be synced")
            }
        }
    }

    /// The first bytes of a file; fewer when it is shorter.
    private func head(_ file: Int32, _ count: Int, of database: Database) throws -> [UInt8] {
        try withFile(file, of: database) { file, methods in
            var size: sqlite3_int64 = 0
            guard methods.xFileSize(file, &size) == SQLITE_OK, size >= count else { return [] }
            var bytes = [UInt8](repeating: 0, count: count)
            let answer = methods.xRead(file, &bytes, Int32(count), 0)
            guard answer == SQLITE_OK else { throw IndexDamaged(path, "its head cannot be read") }
            return bytes
        } ?? []
    }

    /// Calls a body with SQLite's own descriptor of a file; nil when it has none open.
    private func withFile<Answer>(
        _ file: Int32, of database: Database,
        _ body: (UnsafeMutablePointer<sqlite3_file>, sqlite3_io_methods) throws -> Answer
    ) throws -> Answer? {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        let code = withUnsafeMutablePointer(to: &pointer) {
            sqlite3_file_control(database.sqliteConnection, "main", file, $0)
        }
        guard code == SQLITE_OK, let pointer, let methods = pointer.pointee.pMethods?.pointee else { return nil }
        return try body(pointer, methods)
    }

    private static func checked(_ database: any DatabaseWriter, _ file: IndexFile) throws -> IndexConnection {
        let isRefilled = try database.read { database in
            let reader = IndexReader(database: database, path: file.path)
            guard try reader.number(ofPragma: "application_id") == IndexSchema.applicationID,
                try reader.number(ofPragma: "user_version") == IndexSchema.version
            else { throw IndexDamaged(file.path, "it was made by another version or is no index") }
            return try reader.isRefilled()
        }
        try file.settleSharedMemory()
        return IndexConnection(database, file, wantsRefill: !isRefilled)
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        configuration.label = "kinospool.index"
        // Statements with triggers keep a journal of their own: in files it took a third of the time of an insert. Some
        // systems build SQLite to write zeros over what is deleted: a refill would write the whole file twice.
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;
                    PRAGMA secure_delete = OFF
                    """)
        }
        return configuration
    }
}
