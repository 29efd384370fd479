internal import Store
internal import Wire

extension SQLiteTransaction {
    func outbox(in state: OutboxRecord.State, changedBefore: Timestamp, limit: Int) throws -> [OutboxRecord] {
        try connection.rows(
            "SELECT \(Self.outboxColumns) FROM outbox WHERE \(Self.isIn(state)) AND changed_at <= ? ORDER BY number LIMIT ?", changedBefore,
            max(0, limit), as: Self.outbox)
    }

    func outbox(of reference: AccountReference?, in state: OutboxRecord.State?, before: Int64?, limit: Int) throws -> [OutboxRecord] {
        let states = state.map { Self.isIn($0) + " AND" } ?? ""
        guard let reference else {
            return try connection.rows(
                "SELECT \(Self.outboxColumns) FROM outbox WHERE \(states) number < ? ORDER BY number DESC LIMIT ?", before ?? Int64.max,
                max(0, limit), as: Self.outbox)
        }
        return try connection.rows(
            "SELECT \(Self.outboxColumns) FROM outbox WHERE account = ? AND \(states) number < ? ORDER BY number DESC LIMIT ?", reference,
            before ?? Int64.max, max(0, limit), as: Self.outbox)
    }

    /// Numbers rise, so the lowest is the oldest.
    func outboxSummary() throws -> OutboxSummary {
        let found = try connection.row("SELECT count(*), min(number) FROM outbox WHERE \(Self.isOpen)") { row in
            (open: Int(row.integer(0)), first: row.optional(1, row.integer))
        }
        guard let found, let first = found.first else { return OutboxSummary(open: 0, oldest: nil) }
        return OutboxSummary(open: found.open, oldest: try outbox(first)?.createdAt)
    }

    /// With the words of the index that has this state's rows, where there is one.
    private static func isIn(_ state: OutboxRecord.State) -> String {
        let those = "state = '\(state.rawValue)'"
        return switch state {
        case .waiting: "\(isOpen) AND \(those)"
        case .sending, .failed: "state IN ('sending', 'failed') AND \(those)"
        case .sent, .delivered, .read: those
        }
    }

    /// Rows stand in the order of their making, so the search ends at the first that is too young.
    func forgetOutbox(before: Timestamp, limit: Int) throws -> Int {
        try connection.run(
            """
            DELETE FROM outbox WHERE number IN (
                SELECT number FROM outbox
                WHERE number < COALESCE(
                        (SELECT number FROM outbox WHERE created_at >= ?1 ORDER BY number LIMIT 1), (SELECT max(number) FROM outbox))
                    AND NOT \(Self.isOpen) AND changed_at < ?1
                ORDER BY number LIMIT ?2)
            """, before, limit)
    }
}
