package import Wire

/// What is known of an identity of an account beside its linked number: one that may lock too, or one that may not any more.
package struct IdentityRecord: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// WhatsApp's business-scoped user id, seen together with the linked number.
        case userID = "user_id"
        /// A number that was linked before; it may lock until `until`.
        case previous
        /// The linked number itself, suspended until staff confirm it.
        case suspended
    }

    package var account: AccountReference
    /// E.164, or the user id.
    package var identity: String
    package var kind: Kind
    package var since: Timestamp
    /// Absent: without end.
    package var until: Timestamp?

    package init(account: AccountReference, identity: String, kind: Kind, since: Timestamp, until: Timestamp? = nil) {
        self.account = account
        self.identity = identity
        self.kind = kind
        self.since = since
        self.until = until
    }
}
