internal import Store

extension Connection {
    /// The writer's connection: a store with this program's schema, made if there is none, with what a crash left open filled in.
    static func opened(path: String, options: SQLiteOptions) throws -> Connection {
        if !Files.exists(path) { try Files.create(path) }
        let connection = try Connection(path: path, mode: .readWrite)
        _ = try Migration.version(of: connection)
        // The answer is the mode that now holds; a file system without shared memory keeps another one.
        let mode = try connection.row("PRAGMA journal_mode = WAL", operation: "open") { $0.text(0) }
        guard mode == "wal" else {
            throw StoreError(
                code: .unavailable, operation: "open \(path)",
                detail: "The write-ahead log does not work here. Keep the data directory on a local file system, not on a network share.")
        }
        // Each change of a batch can be undone by itself, and what undoes it would be written to a file of its own.
        try connection.execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY", operation: "open")
        try Migration.run(on: connection)
        let transaction = SQLiteTransaction(connection: connection, keptEvents: options.keptEvents)
        try connection.execute("BEGIN IMMEDIATE", operation: "open")
        try transaction.markAllCommitted(at: options.now())
        try connection.execute("COMMIT", operation: "open")
        _ = try connection.checkpoint()
        reserveLog(of: path, bytes: options.reservedLog)
        return connection
    }

    /// What is behind the log's last valid frame is never read, so zeros may stand there.
    /// - Source: https://sqlite.org/fileformat2.html#the_write_ahead_log
    private static func reserveLog(of path: String, bytes: Int) {
        let log = path + "-wal"
        guard bytes > 0, Files.exists(log) else { return }
        do {
            try Files.extend(log, to: bytes)
        } catch {
            // Nobody needs the error: without the reserve commits are slower and as safe.
        }
    }
}
