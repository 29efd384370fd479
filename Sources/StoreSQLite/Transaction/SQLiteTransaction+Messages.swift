internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let messageColumns = "provider, id, sender, received_at, sent_at, outcome, account"

    func message(provider: String, id: String) throws -> MessageRecord? {
        try connection.row("SELECT \(Self.messageColumns) FROM messages WHERE provider = ? AND id = ?", provider, id, as: Self.message)
    }

    func lastMessage(from sender: String, provider: String) throws -> Timestamp? {
        try connection.row(
            "SELECT received_at FROM messages WHERE sender = ? AND provider = ? ORDER BY received_at DESC LIMIT 1", sender, provider
        ) { $0.time(0) }
    }

    /// Those of one millisecond in the order of their key, so that the index gives them.
    func messages(of reference: AccountReference, limit: Int) throws -> [MessageRecord] {
        try connection.rows(
            """
            SELECT \(Self.messageColumns) FROM messages WHERE account = ? ORDER BY received_at DESC, provider DESC, id DESC LIMIT ?
            """, reference, max(0, limit), as: Self.message)
    }

    private static func message(_ row: Row) throws -> MessageRecord {
        MessageRecord(
            provider: row.text(0), id: row.text(1), sender: row.text(2), receivedAt: row.time(3), sentAt: row.optional(4, row.time),
            outcome: row.text(5), account: try row.optional(6, row.reference))
    }

    func insertMessage(_ message: MessageRecord) throws {
        try connection.run(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)", message.provider, message.id, message.sender, message.receivedAt,
            message.sentAt, message.outcome, message.account)
    }

    /// Rows of each table that are forgotten at a time: each is on some four pages of its own, and a lock may wait for the same commit.
    private static let forgottenAtOnce = 100

    func forgetMessages(before: Timestamp) throws -> Int {
        let messages = try connection.run(
            """
            DELETE FROM messages WHERE (provider, id) IN (
                SELECT provider, id FROM messages WHERE received_at < ? ORDER BY received_at LIMIT ?)
            """, before, Self.forgottenAtOnce)
        return messages + (try forgetOutbox(before: before, limit: Self.forgottenAtOnce))
    }
}
