private import CSQLite
internal import Store

/// Throws unless SQLite says that it went well; reads its message at once, before another call changes it.
/// - Source: https://sqlite.org/rescode.html
func check(_ code: Int32, on connection: OpaquePointer?, operation: String) throws {
    guard code != SQLITE_OK else { return }
    let message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
    precondition(code != SQLITE_MISUSE && code != SQLITE_RANGE, "\(operation): SQLite was called wrongly: \(message)")
    throw StoreError(code: meaning(of: code), operation: operation, detail: message, native: code)
}

/// Extended codes first: their low byte is the primary code.
private func meaning(of code: Int32) -> StoreError.Code {
    switch code {
    case sqliteConstraint(6), sqliteConstraint(8), sqliteConstraint(10): .exists  // PRIMARYKEY, UNIQUE, ROWID
    case sqliteConstraint(3): .notFound  // FOREIGNKEY
    default:
        switch code & 0xFF {
        // ERROR: a table is missing or the schema is another's; CONSTRAINT: a row that the schema does not allow.
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_ERROR: .corrupt
        default: .unavailable
        }
    }
}

/// The extended codes are macros with a shift, which Swift does not import.
private func sqliteConstraint(_ number: Int32) -> Int32 { SQLITE_CONSTRAINT | number << 8 }
