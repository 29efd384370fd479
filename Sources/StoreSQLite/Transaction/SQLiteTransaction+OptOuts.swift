internal import Store
internal import Wire

extension SQLiteTransaction {
    func hasOptedOut(_ number: String) throws -> Bool {
        try connection.row("SELECT 1 FROM opt_outs WHERE number = ?", number) { $0.bool(0) } ?? false
    }

    /// The first time stands.
    func setOptedOut(_ number: String, _ isOptedOut: Bool, at: Timestamp) throws {
        if isOptedOut {
            try connection.run("INSERT INTO opt_outs VALUES (?, ?) ON CONFLICT DO NOTHING", number, at)
        } else {
            try connection.run("DELETE FROM opt_outs WHERE number = ?", number)
        }
    }
}
