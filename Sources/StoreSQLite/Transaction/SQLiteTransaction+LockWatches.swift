internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let watchQuery = """
        SELECT holds.id, lock_watches.account, note, reply_to, reply_number, due_at, finished_at
        FROM lock_watches CROSS JOIN holds ON holds.number = lock_watches.hold
        """

    func lockWatch(ofHold id: String) throws -> LockWatchRecord? {
        try connection.row("\(Self.watchQuery) WHERE lock_watches.hold = (SELECT number FROM holds WHERE id = ?)", id, as: Self.watch)
    }

    func dueLockWatches(now: Timestamp, limit: Int) throws -> [LockWatchRecord] {
        try connection.rows(
            "\(Self.watchQuery) WHERE due_at <= ? ORDER BY due_at, lock_watches.hold LIMIT ?", now, max(0, limit), as: Self.watch)
    }

    private static func watch(_ row: Row) throws -> LockWatchRecord {
        LockWatchRecord(
            holdID: row.text(0), account: try row.optional(1, row.reference), noteID: row.optional(2, row.integer),
            replyTo: row.optional(3, row.blob), replyNumber: row.optional(4, row.integer), dueAt: row.optional(5, row.time),
            finishedAt: row.optional(6, row.time))
    }

    func insertLockWatch(_ watch: LockWatchRecord) throws {
        let added = try connection.run(
            "INSERT INTO lock_watches SELECT number, ?2, ?3, ?4, ?5, ?6, ?7 FROM holds WHERE id = ?1", watch.holdID, watch.account, watch.noteID,
            watch.replyTo, watch.replyNumber, watch.dueAt, watch.finishedAt)
        try requireRow(added, "hold \(watch.holdID)")
    }

    func updateLockWatch(_ watch: LockWatchRecord) throws {
        let changed = try connection.run(
            """
            UPDATE lock_watches SET account = ?2, note = ?3, reply_to = ?4, reply_number = ?5, due_at = ?6, finished_at = ?7
            WHERE hold = (SELECT number FROM holds WHERE id = ?1)
            """, watch.holdID, watch.account, watch.noteID, watch.replyTo, watch.replyNumber, watch.dueAt, watch.finishedAt)
        try requireRow(changed, "watch of hold \(watch.holdID)")
    }
}
