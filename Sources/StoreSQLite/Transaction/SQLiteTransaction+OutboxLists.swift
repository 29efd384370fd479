internal import Store
internal import Wire

extension SQLiteTransaction {
    func outbox(in state: OutboxRecord.State, changedBefore: Timestamp, limit: Int) throws -> [OutboxRecord] {
        let (index, condition) = Self.search(state)
        return try connection.rows(
            "SELECT \(Self.outboxColumns) FROM outbox \(index) WHERE \(condition) AND changed_at <= ? ORDER BY number LIMIT ?", changedBefore,
            max(0, limit), as: Self.outbox)
    }

    func outbox(
        of reference: AccountReference?, in state: OutboxRecord.State?, through providers: OutboxProviders, before: Int64?, limit: Int
    ) throws -> [OutboxRecord] {
        let (index, condition) = state.map(Self.search) ?? ("", "TRUE")
        let (compared, provider) =
            switch providers {
            case .all: ("?3 IS NULL", nil as String?)
            case .only(let name): ("provider = ?3", name)
            case .allBut(let name): ("provider <> ?3", name)
            }
        let rest = "\(condition) AND \(compared) AND number < ?1 ORDER BY number DESC LIMIT ?2"
        guard let reference else {
            return try connection.rows(
                "SELECT \(Self.outboxColumns) FROM outbox \(index) WHERE \(rest)", before ?? Int64.max, max(0, limit), provider, as: Self.outbox)
        }
        return try connection.rows(
            "SELECT \(Self.outboxColumns) FROM outbox WHERE account = ?4 AND \(rest)", before ?? Int64.max, max(0, limit), provider, reference,
            as: Self.outbox)
    }

    /// Numbers rise, so the lowest is the oldest. What lies between the lanes that are left out is counted in the index alone.
    func outboxSummary(besides lanes: [String]) throws -> OutboxSummary {
        var (open, first) = (0, Int64.max)
        var from = ""
        for lane in lanes.sorted() + [nil] {
            let found = try connection.row(
                """
                SELECT count(*), min(number) FROM outbox INDEXED BY outbox_open
                WHERE \(Self.isOpen) AND lane >= ?1 AND (?2 IS NULL OR lane < ?2)
                """, from, lane
            ) { row in (open: Int(row.integer(0)), first: row.optional(1, row.integer)) }
            open += found?.open ?? 0
            first = min(first, found?.first ?? first)
            // The last of all texts that begin with it.
            if let lane { from = lane + "\u{10FFFF}" }
        }
        return OutboxSummary(open: open, oldest: open == 0 ? nil : try outbox(first)?.createdAt)
    }

    /// The condition for a state, and the index to be used where one has its rows: left to itself, SQLite walks past all that was sent.
    private static func search(_ state: OutboxRecord.State) -> (index: String, condition: String) {
        let those = "state = '\(state.rawValue)'"
        return switch state {
        case .waiting: ("INDEXED BY outbox_open", "\(isOpen) AND \(those)")
        case .sending, .failed: ("INDEXED BY outbox_stuck", "state IN ('sending', 'failed') AND \(those)")
        // Nearly all rows are one of these, so the walk is short.
        case .sent, .delivered, .read: ("", those)
        }
    }

    /// Rows stand in the order of their making, so the search ends at the first that is too young. Where none is among the first thousand there is
    /// enough to forget, and the search ends at `limit`.
    func forgetOutbox(before: Timestamp, limit: Int) throws -> Int {
        try connection.run(
            """
            DELETE FROM outbox WHERE number IN (
                SELECT number FROM outbox
                WHERE number < COALESCE(
                        (SELECT number FROM (SELECT number, created_at FROM outbox ORDER BY number LIMIT 1000) WHERE created_at >= ?1 LIMIT 1),
                        (SELECT max(number) FROM outbox))
                    AND NOT \(Self.isOpen) AND changed_at < ?1
                ORDER BY number LIMIT ?2)
            """, before, limit)
    }
}
