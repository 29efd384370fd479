internal import Store
internal import Wire

extension SQLiteTransaction {
    func rememberOnce(_ id: String, expires: Timestamp, now: Timestamp) throws -> Bool {
        try connection.run("DELETE FROM used_ids WHERE expires_at <= ?", now)
        return try connection.run("INSERT INTO used_ids VALUES (?, ?) ON CONFLICT DO NOTHING", id, expires) == 1
    }
}
