internal import Store
internal import Wire

extension SQLiteTransaction {
    static let outboxColumns = """
        number, lane, provider, job, account, cause, state, created_at, not_before, attempts, provider_id, failure, changed_at
        """
    /// As the index says it, word for word: only so is the index used.
    static let isOpen = "state IN ('waiting', 'sending')"

    func outbox(_ number: Int64) throws -> OutboxRecord? {
        try connection.row("SELECT \(Self.outboxColumns) FROM outbox WHERE number = ?", number, as: Self.outbox)
    }

    func outbox(providerID: String, provider: String) throws -> OutboxRecord? {
        try connection.row(
            "SELECT \(Self.outboxColumns) FROM outbox WHERE provider_id = ? AND provider = ? ORDER BY number DESC LIMIT 1", providerID, provider,
            as: Self.outbox)
    }

    func dueOutbox(now: Timestamp, limit: Int) throws -> [OutboxRecord] {
        try connection.rows(
            "SELECT \(Self.outboxColumns) FROM outbox WHERE ready_at <= ? ORDER BY ready_at, number LIMIT ?", now, max(0, limit),
            as: Self.outbox)
    }

    func nextOutboxTime() throws -> Timestamp? {
        try connection.row("SELECT ready_at FROM outbox WHERE ready_at IS NOT NULL ORDER BY ready_at LIMIT 1") { $0.time(0) }
    }

    func openOutbox(lane: String, cause: String) throws -> [OutboxRecord] {
        try connection.rows(
            "SELECT \(Self.outboxColumns) FROM outbox WHERE \(Self.isOpen) AND lane = ? AND cause = ? ORDER BY number", lane, cause,
            as: Self.outbox)
    }

    static func outbox(_ row: Row) throws -> OutboxRecord {
        OutboxRecord(
            number: row.integer(0), lane: row.text(1), provider: row.text(2), job: row.blob(3), account: try row.optional(4, row.reference),
            cause: row.optional(5, row.text), state: try row.word(6), createdAt: row.time(7), notBefore: row.time(8),
            attempts: Int(row.integer(9)), providerID: row.optional(10, row.text), failure: row.optional(11, row.text), changedAt: row.time(12))
    }

    func enqueue(_ record: OutboxRecord) throws -> Int64 {
        try connection.run(
            """
            INSERT INTO outbox (
                lane, provider, job, account, cause, state, created_at, not_before, attempts, provider_id, failure, changed_at, ready_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, iif(
                ?6 = 'waiting' AND NOT EXISTS (SELECT 1 FROM outbox WHERE lane = ?1 AND \(Self.isOpen)), ?8, NULL))
            """, record.lane, record.provider, record.job, record.account, record.cause, record.state, record.createdAt, record.notBefore,
            record.attempts, record.providerID, record.failure, record.changedAt)
        return try connection.number("SELECT last_insert_rowid()")
    }

    func updateOutbox(_ record: OutboxRecord) throws {
        let lanes = try connection.rows(
            """
            UPDATE outbox SET job = ?2, account = ?3, cause = ?4, state = ?5, not_before = ?6, attempts = ?7, provider_id = ?8, failure = ?9,
                changed_at = ?10
            WHERE number = ?1 RETURNING lane
            """, record.number, record.job, record.account, record.cause, record.state, record.notBefore, record.attempts, record.providerID,
            record.failure, record.changedAt
        ) { $0.text(0) }
        try requireRow(lanes.count, "outbox row \(record.number)")
        for lane in lanes { try moveHead(of: lane, after: record.number) }
    }

    func giveUpOutbox(lane: String, after number: Int64, madeBy: Timestamp, failure: String, at: Timestamp, limit: Int) throws -> Int {
        let count = try connection.run(
            """
            UPDATE outbox SET state = 'failed', failure = ?4, changed_at = ?5, ready_at = NULL WHERE number IN (
                SELECT number FROM outbox WHERE \(Self.isOpen) AND lane = ?1 AND number > ?2 AND state = 'waiting' AND created_at <= ?3
                ORDER BY number LIMIT ?6)
            """, lane, number, madeBy, failure, at, max(0, limit))
        try moveHead(of: lane, after: number)
        return count
    }

    func hastenOutbox(by: Duration, now: Timestamp) throws -> Int {
        let (seconds, attoseconds) = by.components
        return try connection.run(
            """
            UPDATE outbox SET not_before = max(?1, not_before - ?2), ready_at = iif(ready_at IS NULL, NULL, max(?1, not_before - ?2))
            WHERE \(Self.isOpen) AND state = 'waiting' AND not_before > ?1
            """, now, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// What waits becomes as what was with its provider at a crash: it may have gone since.
    func interruptOutbox(at: Timestamp) throws {
        try connection.run(
            "UPDATE outbox SET state = 'sending', ready_at = NULL, changed_at = ? WHERE \(Self.isOpen) AND state = 'waiting'", at)
    }

    /// Sets `ready_at` where a change of this row can have changed it: on itself, on what is now first in its lane, and on what was first before
    /// this row was opened again, which is now second.
    private func moveHead(of lane: String, after number: Int64) throws {
        let first = try connection.rows("SELECT number FROM outbox WHERE lane = ? AND \(Self.isOpen) ORDER BY number LIMIT 2", lane) {
            $0.integer(0)
        }
        for row in Set(first + [number]) {
            try connection.run(
                """
                UPDATE outbox SET ready_at = iif(?2 AND state = 'waiting', not_before, NULL)
                WHERE number = ?1 AND ready_at IS NOT iif(?2 AND state = 'waiting', not_before, NULL)
                """, row, row == first.first)
        }
    }
}
