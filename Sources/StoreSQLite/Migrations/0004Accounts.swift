extension Migration {
    /// Closed accounts, and the accounts of an import that is under way.
    static let accounts = Migration(
        number: 4,
        sql: """
            CREATE TABLE closures (
                account TEXT PRIMARY KEY REFERENCES accounts(reference), hold TEXT NOT NULL REFERENCES holds(id), closed_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE staged_accounts (reference TEXT PRIMARY KEY, row BLOB NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE staged_devices (imei INTEGER PRIMARY KEY, reference TEXT NOT NULL REFERENCES staged_accounts(reference)) STRICT;
            CREATE INDEX staged_devices_by_account ON staged_devices(reference);
            """)
}
