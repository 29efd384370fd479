internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let changeColumns = """
        id, account, old_number, new_number, reason, state, requested_by, requested_at, decided_by, decided_at, cooling_until
        """

    func numberChange(_ id: String) throws -> NumberChangeRecord? {
        try connection.row("SELECT \(Self.changeColumns) FROM number_changes WHERE id = ?", id, as: Self.change)
    }

    func numberChanges(of reference: AccountReference, limit: Int) throws -> [NumberChangeRecord] {
        try connection.rows(
            "SELECT \(Self.changeColumns) FROM number_changes WHERE account = ? ORDER BY number DESC LIMIT ?", reference, max(0, limit),
            as: Self.change)
    }

    func evidence(ofChange id: String) throws -> [EvidenceRecord] {
        try connection.rows("SELECT change, kind, text, content_type, content FROM evidence WHERE change = ? ORDER BY kind, number", id) { row in
            EvidenceRecord(
                changeID: row.text(0), kind: row.text(1), text: row.text(2), contentType: row.optional(3, row.text),
                content: row.optional(4, row.blob))
        }
    }

    private static func change(_ row: Row) throws -> NumberChangeRecord {
        NumberChangeRecord(
            id: row.text(0), account: try row.reference(1), oldNumber: row.optional(2, row.text), newNumber: row.text(3), reason: row.text(4),
            state: try row.word(5), requestedBy: row.text(6), requestedAt: row.time(7), decidedBy: row.optional(8, row.text),
            decidedAt: row.optional(9, row.time), coolingUntil: row.optional(10, row.time))
    }

    func insertNumberChange(_ change: NumberChangeRecord, evidence: [EvidenceRecord]) throws {
        precondition(evidence.allSatisfy { $0.changeID == change.id }, "a number change is inserted with its own evidence")
        try connection.run(
            """
            INSERT INTO number_changes (
                id, account, old_number, new_number, reason, state, requested_by, requested_at, decided_by, decided_at, cooling_until)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, change.id, change.account, change.oldNumber, change.newNumber, change.reason, change.state, change.requestedBy,
            change.requestedAt, change.decidedBy, change.decidedAt, change.coolingUntil)
        for piece in evidence {
            try connection.run(
                "INSERT INTO evidence (change, kind, text, content_type, content) VALUES (?, ?, ?, ?, ?)", piece.changeID, piece.kind, piece.text,
                piece.contentType, piece.content)
        }
    }

    func updateNumberChange(_ change: NumberChangeRecord) throws {
        let changed = try connection.run(
            """
            UPDATE number_changes SET account = ?2, old_number = ?3, new_number = ?4, reason = ?5, state = ?6, requested_by = ?7,
                requested_at = ?8, decided_by = ?9, decided_at = ?10, cooling_until = ?11
            WHERE id = ?1
            """, change.id, change.account, change.oldNumber, change.newNumber, change.reason, change.state, change.requestedBy,
            change.requestedAt, change.decidedBy, change.decidedAt, change.coolingUntil)
        try requireRow(changed, "number change \(change.id)")
    }
}
