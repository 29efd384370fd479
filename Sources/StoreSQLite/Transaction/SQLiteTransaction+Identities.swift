internal import Store
internal import Wire

extension SQLiteTransaction {
    func identities(of reference: AccountReference) throws -> [IdentityRecord] {
        try connection.rows("SELECT account, identity, kind, since, until FROM identities WHERE account = ? ORDER BY identity", reference) { row in
            IdentityRecord(
                account: try row.reference(0), identity: row.text(1), kind: try row.word(2), since: row.time(3), until: row.optional(4, row.time))
        }
    }

    func accounts(linkedTo number: String) throws -> [AccountReference] {
        try connection.rows("SELECT reference FROM accounts WHERE linked_number = ? ORDER BY reference", number) { try $0.reference(0) }
    }

    func accounts(knownBy identity: String) throws -> [AccountReference] {
        try connection.rows("SELECT account FROM identities WHERE identity = ? ORDER BY account", identity) { try $0.reference(0) }
    }

    func putIdentity(_ identity: IdentityRecord) throws {
        try connection.run(
            "INSERT INTO identities VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET kind = ?3, since = ?4, until = ?5", identity.account,
            identity.identity, identity.kind, identity.since, identity.until)
    }

    func removeIdentity(_ identity: String, of reference: AccountReference) throws {
        try connection.run("DELETE FROM identities WHERE account = ? AND identity = ?", reference, identity)
    }
}
