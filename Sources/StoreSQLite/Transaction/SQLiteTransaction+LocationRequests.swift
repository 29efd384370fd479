internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let locationRequestQuery = "SELECT imei, id, asked_at, expires_at FROM location_requests"

    func locationRequest(of imei: IMEI) throws -> LocationRequestRecord? {
        try connection.row("\(Self.locationRequestQuery) WHERE imei = ?", imei, as: Self.locationRequest)
    }

    func expiredLocationRequests(now: Timestamp, limit: Int) throws -> [LocationRequestRecord] {
        try connection.rows(
            "\(Self.locationRequestQuery) WHERE expires_at <= ? ORDER BY expires_at, imei LIMIT ?", now, max(0, limit), as: Self.locationRequest)
    }

    private static func locationRequest(_ row: Row) throws -> LocationRequestRecord {
        LocationRequestRecord(imei: try row.imei(0), id: row.text(1), askedAt: row.time(2), expiresAt: row.time(3))
    }

    func putLocationRequest(_ request: LocationRequestRecord) throws {
        try connection.run(
            "INSERT INTO location_requests VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET id = ?2, asked_at = ?3, expires_at = ?4",
            request.imei, request.id, request.askedAt, request.expiresAt)
    }

    func removeLocationRequest(of imei: IMEI) throws {
        try connection.run("DELETE FROM location_requests WHERE imei = ?", imei)
    }
}
