internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let deviceColumns = """
        imei, registered_to, claimed, seated_at, registered_at, model, is_decommissioned, public_key, enrolled_channel, agent_version,
        boot_id, last_seen, revision, created_at
        """

    func device(_ imei: IMEI) throws -> DeviceRecord? {
        try connection.row("SELECT \(Self.deviceColumns) FROM devices WHERE imei = ?", imei, as: Self.device)
    }

    func devices(of reference: AccountReference) throws -> [DeviceRecord] {
        try connection.rows(
            """
            SELECT * FROM (
                SELECT \(Self.deviceColumns), 0 AS class, COALESCE(registered_at, 0) AS since FROM devices
                WHERE registered_to = ?1 AND is_decommissioned = 0
                UNION ALL
                SELECT \(Self.deviceColumns), (seated_at IS NULL) + 1, COALESCE(seated_at, created_at) FROM devices
                WHERE claimed = ?1 AND registered_to IS NULL AND is_decommissioned = 0)
            ORDER BY class, since, imei
            """, reference, as: Self.device)
    }

    func enrolledDevices(of reference: AccountReference) throws -> [IMEI] {
        try connection.rows(
            """
            SELECT imei FROM devices WHERE registered_to = ?1 AND is_decommissioned = 0 AND public_key IS NOT NULL
            UNION ALL SELECT imei FROM devices
            WHERE claimed = ?1 AND registered_to IS NULL AND is_decommissioned = 0 AND public_key IS NOT NULL
            """, reference
        ) { try $0.imei(0) }
    }

    func devices(after: IMEI?, limit: Int) throws -> [DeviceRecord] {
        try connection.rows(
            "SELECT \(Self.deviceColumns) FROM devices WHERE imei > ? ORDER BY imei LIMIT ?", Int64(after?.serial ?? 0), max(0, limit),
            as: Self.device)
    }

    /// Of decommissioned ones too: they hear of a change as the others do.
    func imeis(of reference: AccountReference) throws -> [IMEI] {
        try connection.rows(
            """
            SELECT imei FROM devices WHERE registered_to = ?1
            UNION ALL SELECT imei FROM devices WHERE claimed = ?1 AND registered_to IS NULL
            """, reference
        ) { try $0.imei(0) }
    }

    private static func device(_ row: Row) throws -> DeviceRecord {
        DeviceRecord(
            imei: try row.imei(0), registeredTo: try row.optional(1, row.reference), claimed: try row.optional(2, row.reference),
            seatedAt: row.optional(3, row.time), registeredAt: row.optional(4, row.time), model: row.optional(5, row.text),
            isDecommissioned: row.bool(6), publicKey: row.optional(7, row.blob), enrolledChannel: try row.optional(8, row.channel),
            agentVersion: row.optional(9, row.text), bootID: row.optional(10, row.text), lastSeen: row.optional(11, row.time),
            revision: row.integer(12), createdAt: row.time(13))
    }

    func insertDevice(_ device: DeviceRecord) throws {
        try connection.run(
            "INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", device.imei, device.registeredTo, device.claimed,
            device.seatedAt, device.registeredAt, device.model, device.isDecommissioned, device.publicKey, device.enrolledChannel,
            device.agentVersion, device.bootID, device.lastSeen, device.revision, device.createdAt, device.imei.description)
        try noteRevision(device.revision)
    }

    func updateDevice(_ device: DeviceRecord) throws {
        let changed = try connection.run(
            """
            UPDATE devices SET registered_to = ?2, claimed = ?3, seated_at = ?4, registered_at = ?5, model = ?6, is_decommissioned = ?7,
                public_key = ?8, enrolled_channel = ?9, agent_version = ?10, boot_id = ?11, last_seen = ?12, revision = ?13, created_at = ?14
            WHERE imei = ?1
            """, device.imei, device.registeredTo, device.claimed, device.seatedAt, device.registeredAt, device.model,
            device.isDecommissioned, device.publicKey, device.enrolledChannel, device.agentVersion, device.bootID, device.lastSeen,
            device.revision, device.createdAt)
        try requireRow(changed, "device \(device.imei)")
        try noteRevision(device.revision)
    }

    /// In the order of the table, so that neighbours share a page.
    func updateLastSeen(_ times: [IMEI: Timestamp]) throws {
        for (imei, time) in times.sorted(by: { $0.key.serial < $1.key.serial }) {
            try connection.run("UPDATE devices SET last_seen = ?2 WHERE imei = ?1", imei, time)
        }
    }
}
