private import CSQLite

/// One connection to one database file; the only owner of its handle.
///
/// Concurrency: used by one thread at a time (its holder sees to that), which is all that SQLITE_OPEN_NOMUTEX asks.
final class Connection: @unchecked Sendable {
    enum Mode { case readOnly, readWrite }

    private let handle: OpaquePointer
    private let pages: UnsafeMutablePointer<Int32>
    private var statements: [String: Statement] = [:]

    /// How long a connection waits for another one's lock; only a start or a backup beside a running server ever meets one.
    private static let busyMilliseconds: Int32 = 5000

    /// Opens a file that exists.
    init(path: String, mode: Mode) throws {
        let flags = (mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        do {
            try check(code, on: opened, operation: "open \(path)")
        } catch {
            sqlite3_close_v2(opened)
            throw error
        }
        guard let opened else { preconditionFailure("SQLite opened \(path) without a handle") }
        handle = opened
        pages = .allocate(capacity: 1)
        pages.initialize(to: 0)
        sqlite3_busy_timeout(handle, Self.busyMilliseconds)
        vendlock_watch_wal(handle, pages)
        try execute("PRAGMA foreign_keys = ON")
    }

    deinit {
        statements.removeAll()
        // Nobody can act on a failure here: all that was committed is on disk already.
        sqlite3_close_v2(handle)
        pages.deallocate()
    }

    /// How long the write-ahead log was after this connection's last commit, in pages.
    var logPages: Int { Int(pages.pointee) }

    /// Whether there is no open transaction; also after SQLite undid one by itself (disk full, I/O error).
    var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    /// Runs statements that give no rows and take no values.
    func execute(_ script: String, operation: String = #function) throws {
        try check(sqlite3_exec(handle, script, nil, nil, nil), on: handle, operation: operation)
    }

    /// The prepared statement of this text, kept for the next time.
    func statement(_ sql: String, operation: String) throws -> Statement {
        if let kept = statements[sql] { return kept }
        var prepared: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil), on: handle, operation: operation)
        guard let prepared else { preconditionFailure("no statement in: \(sql)") }
        let made = Statement(owning: prepared)
        statements[sql] = made
        return made
    }

    /// Copies what is in the log into the database without waiting for anyone; `true` when nothing is left to copy.
    func checkpoint() throws -> Bool {
        var logged: Int32 = 0
        var copied: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, &logged, &copied)
        if code == SQLITE_BUSY { return false }
        try check(code, on: handle, operation: "checkpoint")
        return logged == copied
    }

    /// Copies the whole database as of one moment into `target`, page by page, while others write.
    func copy(to target: Connection) throws {
        guard let copying = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            return try check(sqlite3_extended_errcode(target.handle), on: target.handle, operation: "copy")
        }
        let stepped = sqlite3_backup_step(copying, -1)
        let finished = sqlite3_backup_finish(copying)
        if stepped != SQLITE_DONE { try check(stepped, on: target.handle, operation: "copy") }
        try check(finished, on: target.handle, operation: "copy")
    }
}
