internal import Store
internal import Wire

extension SQLiteTransaction {
    func enrolmentCode(hash: [UInt8]) throws -> EnrolmentCodeRecord? {
        try connection.row("SELECT code_hash, imei, expires_at, used_at FROM enrolment_codes WHERE code_hash = ?", hash) { row in
            EnrolmentCodeRecord(codeHash: row.blob(0), imei: try row.imei(1), expiresAt: row.time(2), usedAt: row.optional(3, row.time))
        }
    }

    func insertEnrolmentCode(_ code: EnrolmentCodeRecord) throws {
        try connection.run("INSERT INTO enrolment_codes VALUES (?, ?, ?, ?)", code.codeHash, code.imei, code.expiresAt, code.usedAt)
    }

    func markEnrolmentCodeUsed(hash: [UInt8], at: Timestamp) throws {
        let changed = try connection.run("UPDATE enrolment_codes SET used_at = ?2 WHERE code_hash = ?1 AND used_at IS NULL", hash, at)
        try requireRow(changed, "unused enrolment code of that hash")
    }
}
