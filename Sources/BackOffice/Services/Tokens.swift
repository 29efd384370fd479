import Store
import Signing
import Synchronization
package import Wire

/// API tokens: issued once, known by their hash, checked from memory.
package struct Tokens: Sendable {
    package struct Holder: Sendable, Equatable {
        package var name: String
        package var role: Role
    }

    private let environment: Environment
    /// Those that stand, by hash. Filled at start, changed with each issue and revocation.
    private let standing: Standing
    private final class Standing: Sendable {
        let byHash = Mutex<[[UInt8]: Holder]>([:])
        /// Held from before the commit until the table has changed, so that the table changes in the order of the commits: a token that was
        /// revoked just after it was issued must not come back. Apart from the table, which is asked in the HTTP threads.
        let order = Mutex(())
    }

    package init(environment: Environment) throws {
        self.environment = environment
        standing = Standing()
        let records = try environment.store.read { try $0.tokens() }
        standing.byHash.withLock { table in
            for record in records where record.revokedAt == nil { table[record.tokenHash] = Holder(name: record.name, role: record.role) }
        }
    }

    package func holder(of token: String) -> Holder? {
        let hash = Digest.sha256(Array(token.utf8))
        return standing.byHash.withLock { $0[hash] }
    }

    /// Returns the token; it is stored nowhere and cannot be shown again.
    package func issue(name: String, role: Role, by actor: Actor) throws -> String {
        guard !name.isEmpty, name.count <= 64 else { throw Problem(.textRequired, "A token's name has 1 to 64 characters.") }
        let token = "vl_" + (try RandomBytes.text(24))
        let hash = Digest.sha256(Array(token.utf8))
        let now = environment.now
        try changing { writer in
            guard try !writer.tokens().contains(where: { $0.name == name && $0.revokedAt == nil }) else {
                throw Problem(.tokenExists, "There is a token named '\(name)'. Choose another name, or revoke that one first.")
            }
            try writer.insertToken(TokenRecord(tokenHash: hash, name: name, role: role, createdAt: now))
            let text = "Token '\(name)' issued with role \(role.rawValue)."
            try writer.appendNote(actor.officeNote(at: now, kind: "token_issued", text: text))
        } then: { table, _ in
            table[hash] = Holder(name: name, role: role)
        }
        return token
    }

    package func revoke(name: String, by actor: Actor) throws {
        let now = environment.now
        try changing { writer in
            guard let token = try writer.tokens().first(where: { $0.name == name && $0.revokedAt == nil }) else {
                throw Problem(.tokenNotFound, "There is no token named '\(name)'. GET /v1/tokens lists them.")
            }
            try writer.revokeToken(hash: token.tokenHash, at: now)
            let text = "Token '\(name)' with role \(token.role.rawValue) revoked."
            try writer.appendNote(actor.officeNote(at: now, kind: "token_revoked", text: text))
            return token.tokenHash
        } then: { table, hash in
            table[hash] = nil
        }
    }

    /// Commits `change`, then lets `then` bring what it returned into the table, before any other change commits.
    private func changing<Value: Sendable>(
        _ change: @escaping @Sendable (any StoreWriter) throws -> Value, then: (inout [[UInt8]: Holder], Value) -> Void
    ) throws {
        try standing.order.withLock { _ in
            let value = try environment.store.write(change)
            standing.byHash.withLock { then(&$0, value) }
        }
    }

    package func list() throws -> TokenListBody {
        let records = try environment.store.read { try $0.tokens() }
        return TokenListBody(
            tokens: records.map { TokenListBody.Token(name: $0.name, role: $0.role, created_at: $0.createdAt, revoked_at: $0.revokedAt) })
    }
}
