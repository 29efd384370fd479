internal import Store
package import Wire

extension SQLiteStore {
    /// Makes a new store at `path` of a backup, with every revision raised, so that no terminal holds a newer state than the server.
    ///
    /// Throws `.exists` when there is a store at `path`, `.corrupt` when `backup` is damaged or not a vendlock store,
    /// `.unavailable` when a newer program wrote it.
    package static func restore(from backup: String, to path: String, now: Timestamp = SQLiteOptions.wallClock()) throws {
        guard Files.exists(backup) else {
            throw StoreError(code: .notFound, operation: "restore", detail: "There is no file at \(backup). Give the path of a backup.")
        }
        let lock = try StoreLock(besides: path)
        let advice = "Move that store away, or restore into an empty data directory."
        for suffix in ["", "-wal", "-journal"] { try refuseExisting(path + suffix, operation: "restore", advice: advice) }
        try writeWhole(path) { part in
            let source = try Connection(path: backup, mode: .readOnly)
            try requireSound(source)
            try copy(source, to: part)
            let copied = try Connection(path: part, mode: .readWrite)
            try Migration.run(on: copied)
            let transaction = SQLiteTransaction(connection: copied, keptEvents: Int.max)
            try copied.execute("BEGIN IMMEDIATE", operation: "restore")
            try transaction.markAllCommitted(at: now)
            try transaction.raiseAllRevisions(now: now)
            // Tickets that were given out since the backup are on people's letters: none is given again.
            try copied.execute("UPDATE sqlite_sequence SET seq = seq + 10000 WHERE name = 'requests'", operation: "restore")
            // Some may have ended since the backup.
            try transaction.endSessions(of: nil, at: now)
            try transaction.interruptOutbox(at: now)
            try copied.execute("COMMIT", operation: "restore")
        }
        withExtendedLifetime(lock) {}
    }

    /// A store of ours, not empty, whose every page and reference fits.
    private static func requireSound(_ source: Connection) throws {
        guard try Migration.version(of: source) > 0 else {
            throw StoreError(code: .corrupt, operation: "restore", detail: "The file is empty. Give the path of a backup.")
        }
        let faults = try source.rows("PRAGMA integrity_check(1)", operation: "restore") { $0.text(0) }
        let strays = try source.rows("PRAGMA foreign_key_check", operation: "restore") { "a row of \($0.text(0)) refers to nothing" }
        guard faults == ["ok"], strays.isEmpty else {
            let first = faults.first { $0 != "ok" } ?? strays.first ?? "no answer"
            throw StoreError(code: .corrupt, operation: "restore", detail: "The backup is damaged (\(first)). Take an older one.")
        }
    }
}
