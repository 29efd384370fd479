extension Migration {
    /// What a lock makes of offline codes, and how long codes let a terminal sell.
    static let codesAndLocks = Migration(
        number: 8,
        sql: """
            ALTER TABLE code_keys ADD COLUMN void_below INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE code_keys ADD COLUMN extended_until INTEGER;
            ALTER TABLE code_keys ADD COLUMN unused_hours INTEGER NOT NULL DEFAULT 0;
            """)
}
