internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let userColumns = """
        name, role, password, password_state, totp_secret, totp_confirmed_at, totp_last_step, created_at, disabled_at
        """
    private static let sessionColumns = "token_hash, user, created_at, last_used_at, expires_at, ended_at"

    // MARK: Users

    func user(_ name: String) throws -> UserRecord? {
        try connection.row("SELECT \(Self.userColumns) FROM users WHERE name = ?", name, as: Self.user)
    }

    func users() throws -> [UserRecord] {
        try connection.rows("SELECT \(Self.userColumns) FROM users ORDER BY name", as: Self.user)
    }

    private static func user(_ row: Row) throws -> UserRecord {
        UserRecord(
            name: row.text(0), role: try row.role(1), password: row.text(2), passwordState: try row.word(3),
            totpSecret: row.optional(4, row.blob), totpConfirmedAt: row.optional(5, row.time), totpLastStep: row.optional(6, row.integer),
            createdAt: row.time(7), disabledAt: row.optional(8, row.time))
    }

    func insertUser(_ user: UserRecord) throws {
        try connection.run(
            "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", user.name, user.role, user.password, user.passwordState, user.totpSecret,
            user.totpConfirmedAt, user.totpLastStep, user.createdAt, user.disabledAt)
    }

    func updateUser(_ user: UserRecord) throws {
        let changed = try connection.run(
            """
            UPDATE users SET role = ?2, password = ?3, password_state = ?4, totp_secret = ?5, totp_confirmed_at = ?6, totp_last_step = ?7,
                disabled_at = ?8
            WHERE name = ?1
            """, user.name, user.role, user.password, user.passwordState, user.totpSecret, user.totpConfirmedAt, user.totpLastStep,
            user.disabledAt)
        try requireRow(changed, "user \(user.name)")
    }

    // MARK: Sessions

    func openSessions(of user: String?) throws -> [StaffSessionRecord] {
        let filter = user == nil ? "?1 IS NULL" : "user = ?1"
        return try connection.rows(
            "SELECT \(Self.sessionColumns) FROM staff_sessions WHERE ended_at IS NULL AND \(filter) ORDER BY created_at, token_hash", user
        ) { row in
            StaffSessionRecord(
                tokenHash: row.blob(0), user: row.text(1), createdAt: row.time(2), lastUsedAt: row.time(3), expiresAt: row.time(4),
                endedAt: row.optional(5, row.time))
        }
    }

    func insertSession(_ session: StaffSessionRecord) throws {
        try connection.run(
            "INSERT INTO staff_sessions VALUES (?, ?, ?, ?, ?, ?)", session.tokenHash, session.user, session.createdAt, session.lastUsedAt,
            session.expiresAt, session.endedAt)
    }

    func updateLastUsed(_ times: [[UInt8]: Timestamp]) throws {
        for (hash, time) in times {
            try connection.run("UPDATE staff_sessions SET last_used_at = ?2 WHERE token_hash = ?1 AND ended_at IS NULL", hash, time)
        }
    }

    func endSession(hash: [UInt8], at: Timestamp) throws {
        let changed = try connection.run("UPDATE staff_sessions SET ended_at = COALESCE(ended_at, ?2) WHERE token_hash = ?1", hash, at)
        try requireRow(changed, "session of that hash")
    }

    @discardableResult
    func endSessions(of user: String?, at: Timestamp) throws -> Int {
        let filter = user == nil ? "?1 IS NULL" : "user = ?1"
        return try connection.run("UPDATE staff_sessions SET ended_at = ?2 WHERE ended_at IS NULL AND \(filter)", user, at)
    }

    func forgetSessions(endedBefore: Timestamp) throws {
        try connection.run("DELETE FROM staff_sessions WHERE ended_at IS NOT NULL AND ended_at < ?", endedBefore)
    }

    // MARK: Failed sign-ins

    func failedSignIns(nameHash: [UInt8], since: Timestamp) throws -> [Timestamp] {
        try connection.rows("SELECT at FROM failed_sign_ins WHERE name_hash = ? AND at > ? ORDER BY at, number", nameHash, since) { $0.time(0) }
    }

    func insertFailedSignIn(nameHash: [UInt8], at: Timestamp) throws {
        try connection.run("INSERT INTO failed_sign_ins (name_hash, at) VALUES (?, ?)", nameHash, at)
    }

    func removeFailedSignIns(nameHash: [UInt8]) throws {
        try connection.run("DELETE FROM failed_sign_ins WHERE name_hash = ?", nameHash)
    }

    func forgetFailedSignIns(until: Timestamp) throws {
        try connection.run("DELETE FROM failed_sign_ins WHERE at <= ?", until)
    }
}
