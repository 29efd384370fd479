import Store
package import Wire

/// Who calls: whoever holds an API token, or a member of staff in a session.
package struct Caller: Sendable, Equatable {
    package enum Credential: Sendable, Equatable {
        case token
        /// The hash of its cookie's token.
        case session([UInt8])
    }

    package var name: String
    package var role: Role
    package var credential: Credential

    /// As notes and records name them: `token:NAME` or `user:NAME`.
    package var actorName: String {
        switch credential {
        case .token: "token:\(name)"
        case .session: "user:\(name)"
        }
    }

    func actor(at address: String) -> Actor { Actor(name: actorName, role: role, via: "api", address: address) }
}
