internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let visitQuery = """
        SELECT id, ticket, account, imei, request, visitor, role, at, expires_at, phone, device, distance_m, address_distance_m, state, settled_at,
            note
        FROM visits
        """

    func visit(_ id: String) throws -> VisitRecord? {
        try connection.row("\(Self.visitQuery) WHERE id = ?", id, as: Self.visit)
    }

    func visits(of reference: AccountReference?, limit: Int) throws -> [VisitRecord] {
        guard let reference else {
            return try connection.rows("\(Self.visitQuery) ORDER BY number DESC LIMIT ?", max(0, limit), as: Self.visit)
        }
        return try connection.rows(
            "\(Self.visitQuery) WHERE account = ? ORDER BY number DESC LIMIT ?", reference, max(0, limit), as: Self.visit)
    }

    func waitingVisits(onRequest id: String) throws -> [VisitRecord] {
        try connection.rows("\(Self.visitQuery) WHERE request = ? AND state = 'waiting' ORDER BY number", id, as: Self.visit)
    }

    func expiredVisits(now: Timestamp, limit: Int) throws -> [VisitRecord] {
        try connection.rows(
            "\(Self.visitQuery) WHERE state = 'waiting' AND expires_at <= ? ORDER BY expires_at, number LIMIT ?", now, max(0, limit),
            as: Self.visit)
    }

    private static func visit(_ row: Row) throws -> VisitRecord {
        VisitRecord(
            id: row.text(0), ticket: row.optional(1, row.integer), account: try row.optional(2, row.reference), imei: try row.imei(3),
            requestID: row.text(4), by: row.text(5), role: try row.optional(6, row.role), at: row.time(7), expiresAt: row.time(8),
            phone: try row.position(9), device: try row.optional(10, row.position), distanceMetres: row.optional(11, row.real),
            addressDistanceMetres: row.optional(12, row.real), state: try row.word(13), settledAt: row.optional(14, row.time),
            note: row.optional(15, row.text))
    }

    func insertVisit(_ visit: VisitRecord) throws {
        try connection.run(
            """
            INSERT INTO visits (
                id, ticket, account, imei, request, visitor, role, at, expires_at, phone, device, distance_m, address_distance_m, state, settled_at,
                note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, visit.id, visit.ticket, visit.account, visit.imei, visit.requestID, visit.by, visit.role, visit.at, visit.expiresAt, visit.phone,
            visit.device, visit.distanceMetres, visit.addressDistanceMetres, visit.state, visit.settledAt, visit.note)
    }

    func updateVisit(_ visit: VisitRecord) throws {
        let changed = try connection.run(
            """
            UPDATE visits SET ticket = ?2, account = ?3, imei = ?4, request = ?5, visitor = ?6, role = ?7, at = ?8, expires_at = ?9, phone = ?10,
                device = ?11, distance_m = ?12, address_distance_m = ?13, state = ?14, settled_at = ?15, note = ?16
            WHERE id = ?1
            """, visit.id, visit.ticket, visit.account, visit.imei, visit.requestID, visit.by, visit.role, visit.at, visit.expiresAt, visit.phone,
            visit.device, visit.distanceMetres, visit.addressDistanceMetres, visit.state, visit.settledAt, visit.note)
        try requireRow(changed, "visit \(visit.id)")
    }

    func addressPosition(of reference: AccountReference) throws -> AddressPositionRecord? {
        try connection.row("SELECT account, position, at, visit FROM address_positions WHERE account = ?", reference) { row in
            AddressPositionRecord(account: try row.reference(0), position: try row.position(1), at: row.time(2), visit: row.text(3))
        }
    }

    func putAddressPosition(_ position: AddressPositionRecord) throws {
        try connection.run(
            "INSERT INTO address_positions VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET position = ?2, at = ?3, visit = ?4",
            position.account, position.position, position.at, position.visit)
    }
}

extension Position: Bindable { var sqliteValue: SQLiteValue { .text(String(decoding: JSON.encode(self), as: UTF8.self)) } }

extension Row {
    fileprivate func position(_ column: Int32) throws -> Position {
        do { return try JSON.decode(Position.self, from: Array(text(column).utf8)) } catch { throw damaged(column, "\(error)") }
    }
}
