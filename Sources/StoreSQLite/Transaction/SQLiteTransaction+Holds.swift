internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let holdColumns = """
        id, account, imei, kind, reason, placed_by, source, requested_at, committed_at, released_at, released_by, revision
        """

    func hold(_ id: String) throws -> HoldRecord? {
        try connection.row("SELECT \(Self.holdColumns) FROM holds WHERE id = ?", id, as: Self.hold)
    }

    func standingHolds(on subject: Subject) throws -> [HoldRecord] {
        let (column, key) = Self.key(of: subject)
        return try connection.rows(
            "SELECT \(Self.holdColumns) FROM holds WHERE \(column) = ? AND released_at IS NULL ORDER BY number", key, as: Self.hold)
    }

    func holds(on subject: Subject, before: String?, limit: Int) throws -> [HoldRecord] {
        let (column, key) = Self.key(of: subject)
        guard let before else {
            return try connection.rows(
                "SELECT \(Self.holdColumns) FROM holds WHERE \(column) = ? ORDER BY number DESC LIMIT ?", key, max(0, limit), as: Self.hold)
        }
        return try connection.rows(
            """
            SELECT \(Self.holdColumns) FROM holds WHERE \(column) = ?1 AND number < (SELECT number FROM holds WHERE id = ?2)
            ORDER BY number DESC LIMIT ?3
            """, key, before, max(0, limit), as: Self.hold)
    }

    /// The column that names a subject, and its value there.
    static func key(of subject: Subject) -> (column: String, value: any Bindable) {
        switch subject {
        case .account(let reference): ("account", reference)
        case .device(let imei): ("imei", imei)
        }
    }

    private static func hold(_ row: Row) throws -> HoldRecord {
        HoldRecord(
            id: row.text(0), subject: try row.subject(1), kind: try row.holdKind(3), reason: row.text(4), placedBy: row.text(5),
            source: row.text(6), requestedAt: row.time(7), committedAt: row.optional(8, row.time), releasedAt: row.optional(9, row.time),
            releasedBy: row.optional(10, row.text), revision: row.integer(11))
    }

    func insertHold(_ hold: HoldRecord) throws {
        let (column, key) = Self.key(of: hold.subject)
        try connection.run(
            """
            INSERT INTO holds (id, \(column), kind, reason, placed_by, source, requested_at, committed_at, released_at, released_by, revision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, hold.id, key, hold.kind, hold.reason, hold.placedBy, hold.source, hold.requestedAt, hold.committedAt, hold.releasedAt,
            hold.releasedBy, hold.revision)
        try noteRevision(hold.revision)
    }

    func markCommitted(hold id: String, at: Timestamp) throws {
        let changed = try connection.run("UPDATE holds SET committed_at = COALESCE(committed_at, ?2) WHERE id = ?1", id, at)
        try requireRow(changed, "hold \(id)")
    }

    func releaseHold(_ id: String, at: Timestamp, by: String) throws {
        let changed = try connection.run(
            "UPDATE holds SET released_by = iif(released_at IS NULL, ?3, released_by), released_at = COALESCE(released_at, ?2) WHERE id = ?1",
            id, at, by)
        try requireRow(changed, "hold \(id)")
    }

    /// A crash can lose the time of a commit, never the commit: the hold or drill has been durable since before this opening.
    func markAllCommitted(at: Timestamp) throws {
        try connection.run("UPDATE holds SET committed_at = ? WHERE committed_at IS NULL", at)
        try connection.run("UPDATE drills SET committed_at = ? WHERE committed_at IS NULL", at)
    }
}
