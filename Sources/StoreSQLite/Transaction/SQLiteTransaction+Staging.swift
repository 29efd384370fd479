internal import Store
internal import Wire

extension SQLiteTransaction {
    func stagedAccounts(limit: Int) throws -> [StagedAccount] {
        let rows = try connection.rows("SELECT reference, row FROM staged_accounts ORDER BY reference LIMIT ?", max(0, limit)) { row in
            (try row.reference(0), row.blob(1))
        }
        return try rows.map { reference, row in
            let devices = try connection.rows("SELECT imei FROM staged_devices WHERE reference = ? ORDER BY imei", reference) { try $0.imei(0) }
            return StagedAccount(reference: reference, devices: devices, row: row)
        }
    }

    func stagedCount() throws -> Int { Int(try connection.number("SELECT count(*) FROM staged_accounts")) }

    func isStaged(_ reference: AccountReference) throws -> Bool {
        try connection.number("SELECT count(*) FROM staged_accounts WHERE reference = ?", reference) > 0
    }

    func isStaged(_ imei: IMEI) throws -> Bool {
        try connection.number("SELECT count(*) FROM staged_devices WHERE imei = ?", imei) > 0
    }

    func stage(_ account: StagedAccount) throws {
        try connection.run("INSERT INTO staged_accounts VALUES (?, ?)", account.reference, account.row)
        for imei in account.devices { try connection.run("INSERT INTO staged_devices VALUES (?, ?)", imei, account.reference) }
    }

    func unstage(_ reference: AccountReference) throws {
        try connection.run("DELETE FROM staged_devices WHERE reference = ?", reference)
        try connection.run("DELETE FROM staged_accounts WHERE reference = ?", reference)
    }
}
