internal import Store
internal import Wire

extension SQLiteTransaction {
    static let accountColumns = """
        reference, name, surname, address, id_number, email, linked_number, language, last_channel, last_channel_imei, last_channel_at,
        revision, created_at, \(channelsOfAccount),
        (SELECT closed_at FROM closures WHERE closures.account = accounts.reference)
        """

    /// The locked channels in their order, with spaces between; a code has none in it.
    static let channelsOfAccount = """
        (SELECT group_concat(channel, ' ') FROM (
            SELECT channel FROM account_channels WHERE account_channels.reference = accounts.reference ORDER BY place))
        """

    func account(_ reference: AccountReference) throws -> AccountRecord? {
        try connection.row("SELECT \(Self.accountColumns) FROM accounts WHERE reference = ?", reference, as: Self.account)
    }

    static func account(_ row: Row) throws -> AccountRecord {
        var last: AccountRecord.LastChannel?
        if let channel = try row.optional(8, row.channel) {
            last = AccountRecord.LastChannel(channel: channel, imei: try row.imei(9), at: row.time(10))
        }
        return AccountRecord(
            reference: try row.reference(0),
            owner: AccountRecord.Owner(
                name: row.text(1), surname: row.optional(2, row.text), address: row.optional(3, row.text),
                id_number: row.optional(4, row.text), email: row.optional(5, row.text)),
            linkedNumber: row.optional(6, row.text), language: row.text(7), lockedChannels: try row.channels(13), lastChannel: last,
            revision: row.integer(11), createdAt: row.time(12), closedAt: row.optional(14, row.time))
    }

    func insertAccount(_ account: AccountRecord) throws {
        let owner = account.owner
        let last = account.lastChannel
        try connection.run(
            "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", account.reference, owner.name, owner.surname,
            owner.address, owner.id_number, owner.email, account.linkedNumber, account.language, last?.channel, last?.imei, last?.at,
            account.revision, account.createdAt, Self.search(account))
        try put(account.lockedChannels, of: account.reference)
        try noteRevision(account.revision)
    }

    func updateAccount(_ account: AccountRecord) throws {
        let owner = account.owner
        let last = account.lastChannel
        let stored = try connection.row(
            "SELECT \(Self.channelsOfAccount) FROM accounts WHERE reference = ?", account.reference
        ) { try $0.channels(0) }
        try requireRow(stored == nil ? 0 : 1, "account \(account.reference)")
        try connection.run(
            """
            UPDATE accounts SET name = ?2, surname = ?3, address = ?4, id_number = ?5, email = ?6, linked_number = ?7, language = ?8,
                last_channel = ?9, last_channel_imei = ?10, last_channel_at = ?11, revision = ?12, created_at = ?13, search = ?14
            WHERE reference = ?1
            """, account.reference, owner.name, owner.surname, owner.address, owner.id_number, owner.email, account.linkedNumber,
            account.language, last?.channel, last?.imei, last?.at, account.revision, account.createdAt, Self.search(account))
        if stored != account.lockedChannels {
            try connection.run("DELETE FROM account_channels WHERE reference = ?", account.reference)
            try put(account.lockedChannels, of: account.reference)
        }
        try noteRevision(account.revision)
    }

    /// A channel that is named twice counts once.
    private func put(_ channels: [ChannelCode], of reference: AccountReference) throws {
        for (place, channel) in channels.enumerated() {
            try connection.run(
                "INSERT INTO account_channels VALUES (?, ?, ?) ON CONFLICT (reference, channel) DO NOTHING", reference, place, channel)
        }
    }
}
