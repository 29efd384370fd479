internal import Store
internal import Wire

extension SQLiteTransaction {
    /// What a person may type to find the account, in lower case; a line each, so that no match spans two of them.
    static func search(_ account: AccountRecord) -> String {
        let name = [account.owner.name, account.owner.surname].compactMap(\.self).joined(separator: " ")
        return [account.reference.text, name, account.linkedNumber].compactMap(\.self).joined(separator: "\n").lowercased()
    }

    func accounts(matching text: String?, after: AccountReference?, limit: Int) throws -> [AccountRecord] {
        let start = after?.text ?? ""
        guard let text, !text.isEmpty else {
            return try connection.rows(
                "SELECT \(Self.accountColumns) FROM accounts WHERE reference > ? ORDER BY reference LIMIT ?", start, max(0, limit),
                as: Self.account)
        }
        let pattern = Self.containing(text.lowercased())
        guard let digits = Self.digits(text) else {
            return try connection.rows(
                """
                SELECT \(Self.accountColumns) FROM accounts WHERE reference > ?1 AND search LIKE ?2 ESCAPE '\\'
                ORDER BY reference LIMIT ?3
                """, start, pattern, max(0, limit), as: Self.account)
        }
        return try connection.rows(
            """
            SELECT \(Self.accountColumns) FROM accounts
            WHERE reference > ?1 AND (search LIKE ?2 ESCAPE '\\' OR search LIKE ?5 ESCAPE '\\' OR reference IN (
                SELECT COALESCE(registered_to, claimed) FROM devices WHERE search LIKE ?3 ESCAPE '\\'))
            ORDER BY reference LIMIT ?4
            """, start, pattern, Self.containing(digits), max(0, limit), Self.containing(Self.dialled(digits)), as: Self.account)
    }

    /// A LIKE pattern for texts that contain this one, whatever is in it.
    static func containing(_ text: String) -> String {
        var pattern = "%"
        for character in text {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern + "%"
    }

    /// Part of a number as it is kept, with its country code: a number in its own country begins with a 0 instead, one abroad with 00.
    private static func dialled(_ digits: String) -> String {
        let bare = digits.drop { $0 == "0" }
        // Fewer digits are in almost every number.
        return bare.count < 3 ? digits : String(bare)
    }

    /// The digits of a text that can be part of an IMEI or of a number (digits with or without separators), else `nil`.
    private static func digits(_ text: String) -> String? {
        let digits = text.filter { !" -/.()+".contains($0) }
        return !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? digits : nil
    }
}
