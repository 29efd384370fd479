internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let deliveryColumns = "hold, imei, revision, delivered_at, enforced_at"
    /// Not those of a hold that was released: what a terminal says afterwards may be of a state without it, and a lock that was handed out may have been
    /// lost on the way. The model of the protocol found that (`tools/model`, P3).
    private static let isUnderWay =
        "enforced_at IS NULL AND NOT EXISTS (SELECT 1 FROM holds WHERE id = deliveries.hold AND released_at IS NOT NULL)"

    func deliveries(ofHold id: String) throws -> [DeliveryRecord] {
        try connection.rows("SELECT \(Self.deliveryColumns) FROM deliveries WHERE hold = ? ORDER BY imei", id, as: Self.delivery)
    }

    func openDeliveries(to imei: IMEI) throws -> [DeliveryRecord] {
        try connection.rows(
            "SELECT \(Self.deliveryColumns) FROM deliveries WHERE imei = ? AND \(Self.isUnderWay) ORDER BY revision, hold", imei,
            as: Self.delivery)
    }

    private static func delivery(_ row: Row) throws -> DeliveryRecord {
        DeliveryRecord(
            holdID: row.text(0), imei: try row.imei(1), revision: row.integer(2), deliveredAt: row.optional(3, row.time),
            enforcedAt: row.optional(4, row.time))
    }

    func insertDelivery(_ delivery: DeliveryRecord) throws {
        try connection.run(
            "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?)", delivery.holdID, delivery.imei, delivery.revision, delivery.deliveredAt,
            delivery.enforcedAt)
    }

    func markDelivered(to imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [DeliveryRecord] {
        try connection.rows(
            """
            UPDATE deliveries SET delivered_at = ?3 WHERE imei = ?1 AND delivered_at IS NULL AND \(Self.isUnderWay) AND revision <= ?2
            RETURNING \(Self.deliveryColumns)
            """, imei, revision, at, as: Self.delivery)
    }

    func markEnforced(on imei: IMEI, upTo revision: Revision, at: Timestamp) throws -> [DeliveryRecord] {
        try connection.rows(
            """
            UPDATE deliveries SET enforced_at = ?3, delivered_at = COALESCE(delivered_at, ?3)
            WHERE imei = ?1 AND \(Self.isUnderWay) AND revision <= ?2
            RETURNING \(Self.deliveryColumns)
            """, imei, revision, at, as: Self.delivery)
    }
}
