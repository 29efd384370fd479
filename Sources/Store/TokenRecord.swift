package import Wire

/// An API token; only its SHA-256 is kept.
package struct TokenRecord: Sendable, Equatable {
    package var tokenHash: [UInt8]
    package var name: String
    package var role: Role
    package var createdAt: Timestamp
    package var revokedAt: Timestamp?

    package init(tokenHash: [UInt8], name: String, role: Role, createdAt: Timestamp, revokedAt: Timestamp? = nil) {
        self.tokenHash = tokenHash
        self.name = name
        self.role = role
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}
