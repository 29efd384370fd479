internal import Store
internal import Wire

extension SQLiteTransaction {
    func channelCatalogue() throws -> [ChannelCode] {
        try connection.rows("SELECT code FROM channels ORDER BY place") { try $0.channel(0) }
    }

    func insertChannel(_ code: ChannelCode) throws {
        try connection.run("INSERT INTO channels (code) VALUES (?)", code)
    }

    func setting(_ name: String) throws -> [UInt8]? {
        try connection.row("SELECT value FROM settings WHERE name = ?", name) { $0.blob(0) }
    }

    func putSetting(_ name: String, _ value: [UInt8]) throws {
        try connection.run("INSERT INTO settings VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2", name, value)
    }
}
