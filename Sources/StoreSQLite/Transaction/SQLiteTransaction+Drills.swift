internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let drillColumns = "id, account, revision, requested_by, source, requested_at, committed_at, reply_to, finished_at"

    func drill(_ id: String) throws -> DrillRecord? {
        try connection.row("SELECT \(Self.drillColumns) FROM drills WHERE id = ?", id, as: Self.drill)
    }

    func drills(of reference: AccountReference, limit: Int) throws -> [DrillRecord] {
        try connection.rows(
            "SELECT \(Self.drillColumns) FROM drills WHERE account = ? ORDER BY number DESC LIMIT ?", reference, max(0, limit), as: Self.drill)
    }

    func openDrills(requestedBefore: Timestamp, limit: Int) throws -> [DrillRecord] {
        try connection.rows(
            """
            SELECT \(Self.drillColumns) FROM drills WHERE finished_at IS NULL AND requested_at <= ? ORDER BY requested_at, number LIMIT ?
            """, requestedBefore, max(0, limit), as: Self.drill)
    }

    func drillTerminals(_ id: String) throws -> [DrillTerminalRecord] {
        try connection.rows("SELECT drill, imei, confirmed_at FROM drill_terminals WHERE drill = ? ORDER BY imei", id) { row in
            DrillTerminalRecord(drillID: row.text(0), imei: try row.imei(1), confirmedAt: row.optional(2, row.time))
        }
    }

    /// From the terminal's side, which has few drills that it never confirmed and mostly none.
    func openDrillRevision(of imei: IMEI) throws -> Revision {
        try connection.number(
            """
            SELECT COALESCE(max(drills.revision), 0)
            FROM drill_terminals INDEXED BY drill_terminals_open CROSS JOIN drills ON drills.id = drill_terminals.drill
            WHERE imei = ? AND confirmed_at IS NULL AND drills.finished_at IS NULL
            """, imei)
    }

    private static func drill(_ row: Row) throws -> DrillRecord {
        DrillRecord(
            id: row.text(0), account: try row.reference(1), revision: row.integer(2), requestedBy: row.text(3), source: row.text(4),
            requestedAt: row.time(5), committedAt: row.optional(6, row.time), replyTo: row.optional(7, row.blob),
            finishedAt: row.optional(8, row.time))
    }

    func insertDrill(_ drill: DrillRecord, terminals: [IMEI]) throws {
        try connection.run(
            """
            INSERT INTO drills (id, account, revision, requested_by, source, requested_at, committed_at, reply_to, finished_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, drill.id, drill.account, drill.revision, drill.requestedBy, drill.source, drill.requestedAt, drill.committedAt,
            drill.replyTo, drill.finishedAt)
        for imei in terminals { try connection.run("INSERT INTO drill_terminals VALUES (?, ?, NULL)", drill.id, imei) }
        try noteRevision(drill.revision)
    }

    func updateDrill(_ drill: DrillRecord) throws {
        let changed = try connection.run(
            """
            UPDATE drills SET account = ?2, revision = ?3, requested_by = ?4, source = ?5, requested_at = ?6, committed_at = ?7, reply_to = ?8,
                finished_at = ?9
            WHERE id = ?1
            """, drill.id, drill.account, drill.revision, drill.requestedBy, drill.source, drill.requestedAt, drill.committedAt,
            drill.replyTo, drill.finishedAt)
        try requireRow(changed, "drill \(drill.id)")
        try noteRevision(drill.revision)
    }

    func markDrillConfirmed(by imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [String] {
        try connection.rows(
            """
            UPDATE drill_terminals INDEXED BY drill_terminals_open SET confirmed_at = ?3
            WHERE imei = ?1 AND confirmed_at IS NULL
                AND EXISTS (SELECT 1 FROM drills WHERE id = drill_terminals.drill AND finished_at IS NULL AND revision <= ?2)
            RETURNING drill
            """, imei, revision, at
        ) { $0.text(0) }
    }
}
