extension Migration {
    /// Members of staff, their sessions, and the sign-ins that failed.
    static let staff = Migration(
        number: 3,
        sql: """
            CREATE TABLE users (
                name TEXT PRIMARY KEY,
                role TEXT NOT NULL, password TEXT NOT NULL, password_state TEXT NOT NULL,
                totp_secret BLOB, totp_confirmed_at INTEGER, totp_last_step INTEGER,
                created_at INTEGER NOT NULL, disabled_at INTEGER
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE staff_sessions (
                token_hash BLOB PRIMARY KEY,
                user TEXT NOT NULL REFERENCES users(name),
                created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, ended_at INTEGER
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX staff_sessions_open ON staff_sessions(user) WHERE ended_at IS NULL;
            CREATE INDEX staff_sessions_ended ON staff_sessions(ended_at) WHERE ended_at IS NOT NULL;

            CREATE TABLE failed_sign_ins (
                number INTEGER PRIMARY KEY,
                name_hash BLOB NOT NULL, at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX failed_sign_ins_by_name ON failed_sign_ins(name_hash, at);
            CREATE INDEX failed_sign_ins_by_time ON failed_sign_ins(at);
            """)
}
