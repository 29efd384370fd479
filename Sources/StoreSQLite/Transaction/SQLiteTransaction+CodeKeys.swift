internal import Store
internal import Wire

extension SQLiteTransaction {
    func codeKey(of imei: IMEI) throws -> CodeKeyRecord? {
        try connection.row(
            "SELECT imei, key, next_issued, next_used, void_below, extended_until, unused_hours FROM code_keys WHERE imei = ?", imei
        ) { row in
            CodeKeyRecord(
                imei: try row.imei(0), key: row.blob(1), nextIssued: row.integer(2), nextUsed: row.integer(3), voidBelow: row.integer(4),
                extendedUntil: row.optional(5, row.time), unusedHours: Int(row.integer(6)))
        }
    }

    func putCodeKey(_ key: CodeKeyRecord) throws {
        try connection.run(
            """
            INSERT OR REPLACE INTO code_keys (imei, key, next_issued, next_used, void_below, extended_until, unused_hours)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, key.imei, key.key, key.nextIssued, key.nextUsed, key.voidBelow, key.extendedUntil, key.unusedHours)
    }
}
