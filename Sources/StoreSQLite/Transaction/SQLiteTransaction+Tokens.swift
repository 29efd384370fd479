internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let tokenColumns = "token_hash, name, role, created_at, revoked_at"

    func token(hash: [UInt8]) throws -> TokenRecord? {
        try connection.row("SELECT \(Self.tokenColumns) FROM tokens WHERE token_hash = ?", hash, as: Self.token)
    }

    func tokens() throws -> [TokenRecord] {
        try connection.rows("SELECT \(Self.tokenColumns) FROM tokens ORDER BY created_at, name, token_hash", as: Self.token)
    }

    private static func token(_ row: Row) throws -> TokenRecord {
        TokenRecord(
            tokenHash: row.blob(0), name: row.text(1), role: try row.role(2), createdAt: row.time(3), revokedAt: row.optional(4, row.time))
    }

    func insertToken(_ token: TokenRecord) throws {
        try connection.run(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)", token.tokenHash, token.name, token.role, token.createdAt, token.revokedAt)
    }

    func revokeToken(hash: [UInt8], at: Timestamp) throws {
        let changed = try connection.run("UPDATE tokens SET revoked_at = COALESCE(revoked_at, ?2) WHERE token_hash = ?1", hash, at)
        try requireRow(changed, "token of that hash")
    }
}
