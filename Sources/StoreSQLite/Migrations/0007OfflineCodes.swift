extension Migration {
    /// The keys of terminals for offline codes.
    static let offlineCodes = Migration(
        number: 7,
        sql: """
            CREATE TABLE code_keys (
                imei INTEGER PRIMARY KEY REFERENCES devices(imei),
                key BLOB NOT NULL, next_issued INTEGER NOT NULL, next_used INTEGER NOT NULL
            ) STRICT;
            """)
}
