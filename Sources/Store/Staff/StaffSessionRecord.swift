package import Wire

/// One sign-in of a member of staff; of the cookie's token only its SHA-256 is kept.
package struct StaffSessionRecord: Sendable, Equatable {
    package var tokenHash: [UInt8]
    package var user: String
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp
    package var expiresAt: Timestamp
    package var endedAt: Timestamp?

    package init(
        tokenHash: [UInt8], user: String, createdAt: Timestamp, lastUsedAt: Timestamp, expiresAt: Timestamp, endedAt: Timestamp? = nil
    ) {
        self.tokenHash = tokenHash
        self.user = user
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.endedAt = endedAt
    }
}
