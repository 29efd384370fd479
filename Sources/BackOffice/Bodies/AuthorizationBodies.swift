package import Wire

/// `POST /v1/authorizations`: the vending switch asks before it spends.
package struct AuthorizationBody: Codable, Sendable {
    package var account: AccountReference
    package var imei: IMEI
    package var channel: ChannelCode
    package var operation: String
    package var amount_cents: Int64?
}

package struct AuthorizationAnswerBody: Codable, Sendable {
    package var permitted: Bool
    package var reason: String?
    /// Of the lock state that decided.
    package var revision: Revision
}

/// `POST /v1/tokens`.
package struct NewTokenBody: Codable, Sendable {
    package var role: Role
    package var name: String
    package init(role: Role, name: String) {
        self.role = role
        self.name = name
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(role: try container.word(Role.self, forKey: .role), name: try container.decode(String.self, forKey: .name))
    }
}

/// The token itself is shown once, here.
package struct IssuedTokenBody: Codable, Sendable {
    package var token: String
    package var role: Role
    package var name: String
}

package struct TokenListBody: Codable, Sendable {
    package struct Token: Codable, Sendable {
        package var name: String
        package var role: Role
        package var created_at: Timestamp
        package var revoked_at: Timestamp?
    }
    package var tokens: [Token]
}
