internal import GRDB
internal import JobCore

/// Gives SQLite's errors the product's words, where they enter.
enum IndexFailure {
    /// An error of SQLite becomes `IndexDamaged` or a `Failure`; anything else passes as it is.
    ///
    /// - Parameter isInPlace: true when the file is known to be where it was opened, so that failing to open it once
    ///   more tells of too many open files, not of damage.
    static func wrapped(_ error: any Error, path: String, isInPlace: Bool = false) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        // Nobody else interrupts a statement than the task that waits for it.
        if error.resultCode == .SQLITE_INTERRUPT || error.resultCode == .SQLITE_ABORT { return CancellationError() }
        let reason = "\(error.message ?? "unknown error") (SQLite \(error.extendedResultCode.rawValue))"
        if isDamage(error), !(isInPlace && error.resultCode == .SQLITE_CANTOPEN) { return IndexDamaged(path, reason) }
        let code: FailureCode = error.resultCode == .SQLITE_FULL ? .diskFull : .internalError
        return Failure(code, "The index \(path) could not be used: \(reason).")
    }

    /// Whether the error tells of the file rather than of the moment.
    private static func isDamage(_ error: DatabaseError) -> Bool {
        switch error.resultCode {
        // The statements are fixed and tested: if SQLite does not understand one, a table is not ours any more. A
        // misuse is a connection that was replaced meanwhile.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_ERROR, .SQLITE_SCHEMA,
            .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_PROTOCOL, .SQLITE_FORMAT, .SQLITE_MISUSE:
            true
        case .SQLITE_READONLY: error.extendedResultCode == .SQLITE_READONLY_DBMOVED
        default: false
        }
    }
}
