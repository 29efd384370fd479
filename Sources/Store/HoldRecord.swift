package import Wire

/// One reason to lock, placed by one party.
package struct HoldRecord: Sendable, Equatable {
    package var id: String
    package var subject: Subject
    package var kind: HoldKind
    package var reason: String
    /// Who placed it and through what, for example `token:desk-1` over `api`.
    package var placedBy: String
    package var source: String
    package var requestedAt: Timestamp
    /// When the transaction that made it was durable; set with a later one (`markCommitted`).
    package var committedAt: Timestamp?
    package var releasedAt: Timestamp?
    package var releasedBy: String?
    /// The revision that this hold gave its subject.
    package var revision: Revision

    package init(
        id: String, subject: Subject, kind: HoldKind, reason: String, placedBy: String, source: String, requestedAt: Timestamp,
        committedAt: Timestamp? = nil, releasedAt: Timestamp? = nil, releasedBy: String? = nil, revision: Revision
    ) {
        self.id = id
        self.subject = subject
        self.kind = kind
        self.reason = reason
        self.placedBy = placedBy
        self.source = source
        self.requestedAt = requestedAt
        self.committedAt = committedAt
        self.releasedAt = releasedAt
        self.releasedBy = releasedBy
        self.revision = revision
    }
}
