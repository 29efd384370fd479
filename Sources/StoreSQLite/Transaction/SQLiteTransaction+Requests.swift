internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let requestColumns = """
        number, kind, account, imei, step, round, source, opened_by, opened_at, moved_at, due_at, look_at, reminders, has_news, outcome,
        closed_at, number_change, details
        """

    func request(_ number: Int64) throws -> RequestRecord? {
        try connection.row("SELECT \(Self.requestColumns) FROM requests WHERE number = ?", number, as: Self.request)
    }

    func request(ofNumberChange id: String) throws -> RequestRecord? {
        try connection.row("SELECT \(Self.requestColumns) FROM requests WHERE number_change = ?", id, as: Self.request)
    }

    /// A statement of its own for each choice of conditions, so that each finds its index: most requests are closed ones that nobody asks for.
    func requests(_ filter: RequestFilter, before: Int64?, limit: Int) throws -> [RequestRecord] {
        func condition(_ isAsked: Bool, _ text: String, _ parameter: Int) -> String { isAsked ? text + "?\(parameter)" : "?\(parameter) IS NULL" }
        var conditions = [
            "number < ?1", condition(filter.account != nil, "account = ", 2), condition(filter.imei != nil, "imei = ", 3),
            condition(filter.kind != nil, "kind = ", 4), condition(filter.step != nil, "step = ", 5),
            condition(filter.dueBefore != nil, "due_at < ", 6), condition(filter.hasNews != nil, "has_news = ", 7),
            condition(filter.outcome != nil, "outcome = ", 8),
        ]
        if let isOpen = filter.isOpen { conditions.append(isOpen ? "closed_at IS NULL" : "closed_at IS NOT NULL") }
        // Left to itself, SQLite walks past all that is closed.
        let index = filter.isOpen == true && filter.account == nil && filter.imei == nil ? "INDEXED BY requests_open" : ""
        return try connection.rows(
            """
            SELECT \(Self.requestColumns) FROM requests \(index) WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?9
            """, before ?? Int64.max, filter.account, filter.imei, filter.kind?.rawValue, filter.step?.rawValue, filter.dueBefore, filter.hasNews,
            filter.outcome?.rawValue,
            max(0, limit), as: Self.request)
    }

    func dueRequests(now: Timestamp, limit: Int) throws -> [RequestRecord] {
        try connection.rows(
            "SELECT \(Self.requestColumns) FROM requests WHERE look_at <= ? ORDER BY look_at, number LIMIT ?", now, max(0, limit), as: Self.request)
    }

    func accounts(writtenFrom email: String) throws -> [AccountReference] {
        try connection.rows("SELECT reference FROM accounts WHERE email IS NOT NULL AND lower(email) = lower(?) ORDER BY reference LIMIT 10", email) {
            try $0.reference(0)
        }
    }

    func requestCounts(now: Timestamp) throws -> [RequestCount] {
        try connection.rows(
            """
            SELECT kind, step, count(*), count(*) FILTER (WHERE due_at < ?) FROM requests WHERE closed_at IS NULL GROUP BY kind, step ORDER BY kind, step
            """, now
        ) { row in
            RequestCount(kind: try row.word(0), step: try row.word(1), open: Int(row.integer(2)), overdue: Int(row.integer(3)))
        }
    }

    func entries(ofRequest number: Int64) throws -> [RequestEntryRecord] {
        try connection.rows(
            "SELECT request, at, actor, role, action, step, text FROM request_entries WHERE request = ? ORDER BY id", number
        ) { row in
            RequestEntryRecord(
                request: row.integer(0), at: row.time(1), actor: row.text(2), role: try row.optional(3, row.role), action: row.text(4),
                step: try row.word(5), text: row.text(6))
        }
    }

    func insertRequest(_ request: RequestRecord) throws -> RequestRecord {
        var request = request
        try connection.run(
            """
            INSERT INTO requests (kind, account, imei, step, round, source, opened_by, opened_at, moved_at, due_at, look_at, reminders, has_news,
                outcome, closed_at, number_change, details)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, request.kind.rawValue, request.account, request.imei, request.step.rawValue, request.round, request.source.rawValue,
            request.openedBy, request.openedAt, request.movedAt, request.dueAt, request.lookAt, request.reminders, request.hasNews,
            request.outcome?.rawValue, request.closedAt, request.numberChange, request.details)
        request.number = try connection.number("SELECT last_insert_rowid()")
        return request
    }

    func updateRequest(_ request: RequestRecord) throws {
        let changed = try connection.run(
            """
            UPDATE requests SET kind = ?2, account = ?3, imei = ?4, step = ?5, round = ?6, source = ?7, opened_by = ?8, opened_at = ?9,
                moved_at = ?10, due_at = ?11, look_at = ?12, reminders = ?13, has_news = ?14, outcome = ?15, closed_at = ?16,
                number_change = ?17, details = ?18
            WHERE number = ?1
            """, request.number, request.kind.rawValue, request.account, request.imei, request.step.rawValue, request.round,
            request.source.rawValue, request.openedBy, request.openedAt, request.movedAt, request.dueAt, request.lookAt, request.reminders,
            request.hasNews, request.outcome?.rawValue, request.closedAt, request.numberChange, request.details)
        try requireRow(changed, "request \(request.number)")
    }

    func appendEntry(_ entry: RequestEntryRecord) throws {
        try connection.run(
            "INSERT INTO request_entries (request, at, actor, role, action, step, text) VALUES (?, ?, ?, ?, ?, ?, ?)", entry.request, entry.at,
            entry.actor, entry.role, entry.action, entry.step.rawValue, entry.text)
    }

    private static func request(_ row: Row) throws -> RequestRecord {
        RequestRecord(
            number: row.integer(0), kind: try row.word(1), account: try row.optional(2, row.reference), imei: try row.optional(3, row.imei),
            step: try row.word(4), round: Int(row.integer(5)), source: try row.word(6), openedBy: row.text(7), openedAt: row.time(8),
            movedAt: row.time(9), dueAt: row.optional(10, row.time), lookAt: row.optional(11, row.time), reminders: Int(row.integer(12)),
            hasNews: row.bool(13), outcome: try row.optional(14) { try row.word($0, RequestOutcome.self) }, closedAt: row.optional(15, row.time),
            numberChange: row.optional(16, row.text), details: row.blob(17))
    }
}
