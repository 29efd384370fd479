package import Store
package import Wire

/// `POST /v1/users`.
package struct NewUserBody: Codable, Sendable {
    package var name: String
    package var role: Role
    /// Absent: the server makes a setup password.
    package var password: String?

    package init(name: String, role: Role, password: String? = nil) {
        self.name = name
        self.role = role
        self.password = password
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        role = try container.word(Role.self, forKey: .role)
        password = try container.decodeIfPresent(String.self, forKey: .password)
    }
}

/// `PATCH /v1/users/{name}`: what is absent stays as it is.
package struct UserPatchBody: Codable, Sendable {
    package var role: Role?
    package var disabled: Bool?

    package init(role: Role? = nil, disabled: Bool? = nil) {
        self.role = role
        self.disabled = disabled
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        role = container.contains(.role) ? try container.word(Role.self, forKey: .role) : nil
        disabled = try container.decodeIfPresent(Bool.self, forKey: .disabled)
    }
}

/// `POST /v1/users/{name}/password-reset`.
package struct PasswordResetBody: Codable, Sendable {
    /// Whether the one-time codes are set up anew too: the telephone is lost.
    package var totp: Bool?

    package init(totp: Bool? = nil) { self.totp = totp }
}

/// A member of staff.
package struct UserBody: Codable, Sendable {
    package var name: String
    package var role: Role
    package var created_at: Timestamp
    package var disabled_at: Timestamp?
    /// Since when sign-ins need a one-time code; absent: none is set up.
    package var totp_since: Timestamp?
    /// Whether a setup password stands that its owner has to replace.
    package var password_change_required: Bool
    /// Shown once: in the answer to what made it.
    package var setup_password: String?

    package init(_ user: UserRecord, setupPassword: String? = nil) {
        name = user.name
        role = user.role
        created_at = user.createdAt
        disabled_at = user.disabledAt
        totp_since = user.totpConfirmedAt
        password_change_required = user.passwordState != .own
        setup_password = setupPassword
    }
}

package struct UserListBody: Codable, Sendable {
    package var users: [UserBody]
}

/// `POST /v1/sessions`.
package struct NewSessionBody: Codable, Sendable {
    package var name: String
    package var password: String
    /// From the telephone's app, where one-time codes are set up.
    package var code: String?
}

/// A session and what its owner has to do before anything else.
package struct SessionBody: Codable, Sendable {
    package var name: String
    package var role: Role
    /// At the latest: an hour without use ends it too.
    package var expires_at: Timestamp
    package var password_change_required: Bool
    package var totp_required: Bool

    init(_ user: UserRecord, expires: Timestamp) {
        name = user.name
        role = user.role
        expires_at = expires
        password_change_required = user.passwordState != .own
        totp_required = user.lacksCodes
    }
}

/// `POST /v1/sessions/current/password`.
package struct PasswordChangeBody: Codable, Sendable {
    package var old: String
    package var new: String
}

/// `POST /v1/users/{name}/totp`.
package struct CodeSetupBody: Codable, Sendable {
    /// Absent: make a secret. Present: the first code made with it.
    package var code: String?
}

/// How far the setting up of one-time codes is.
package struct CodeSetupStateBody: Codable, Sendable {
    /// Whether codes are asked for from now on.
    package var confirmed: Bool
    /// For the telephone's app, mostly as a QR code; shown once, with `secret`, when the secret is made.
    package var otpauth_uri: String?
    package var secret: String?
}

extension UserRecord {
    /// Who decides may do nothing without a second factor.
    var lacksCodes: Bool { totpConfirmedAt == nil && [Role].seniors.contains(role) }
}
