package import Wire

/// One drill: a new revision sent the whole way to each terminal of an account and back, without locking anything.
package struct DrillRecord: Sendable, Equatable {
    package var id: String
    package var account: AccountReference
    /// The revision that each terminal is to confirm.
    package var revision: Revision
    package var requestedBy: String
    package var source: String
    package var requestedAt: Timestamp
    /// When it was on disk; absent until then. Opening a store fills in what a crash left open.
    package var committedAt: Timestamp?
    /// Where the answer goes, as JSON; absent for a drill of staff.
    package var replyTo: [UInt8]?
    /// When all had confirmed, or the wait was over.
    package var finishedAt: Timestamp?

    package init(
        id: String, account: AccountReference, revision: Revision, requestedBy: String, source: String, requestedAt: Timestamp,
        committedAt: Timestamp? = nil, replyTo: [UInt8]? = nil, finishedAt: Timestamp? = nil
    ) {
        self.id = id
        self.account = account
        self.revision = revision
        self.requestedBy = requestedBy
        self.source = source
        self.requestedAt = requestedAt
        self.committedAt = committedAt
        self.replyTo = replyTo
        self.finishedAt = finishedAt
    }
}

/// How far a drill has come on one terminal.
package struct DrillTerminalRecord: Sendable, Equatable {
    package var drillID: String
    package var imei: IMEI
    package var confirmedAt: Timestamp?

    package init(drillID: String, imei: IMEI, confirmedAt: Timestamp? = nil) {
        self.drillID = drillID
        self.imei = imei
        self.confirmedAt = confirmedAt
    }
}
