package import Wire

/// A request to change an account's linked number.
package struct NumberChangeRecord: Sendable, Equatable {
    package enum State: String, Sendable {
        case requested, approved, declined, cancelled
    }

    package var id: String
    package var account: AccountReference
    /// E.164; absent where none was linked.
    package var oldNumber: String?
    package var newNumber: String
    package var reason: String
    package var state: State
    package var requestedBy: String
    package var requestedAt: Timestamp
    package var decidedBy: String?
    package var decidedAt: Timestamp?
    /// Until when the old number may lock too; set with the approval.
    package var coolingUntil: Timestamp?

    package init(
        id: String, account: AccountReference, oldNumber: String?, newNumber: String, reason: String, state: State = .requested,
        requestedBy: String, requestedAt: Timestamp, decidedBy: String? = nil, decidedAt: Timestamp? = nil, coolingUntil: Timestamp? = nil
    ) {
        self.id = id
        self.account = account
        self.oldNumber = oldNumber
        self.newNumber = newNumber
        self.reason = reason
        self.state = state
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.coolingUntil = coolingUntil
    }
}

/// One piece of evidence of a number change.
package struct EvidenceRecord: Sendable, Equatable {
    package var changeID: String
    /// `change_notice`, `last_conversation` or `past_transaction`.
    package var kind: String
    package var text: String
    /// Media type of `content`; absent with it.
    package var contentType: String?
    package var content: [UInt8]?

    package init(changeID: String, kind: String, text: String, contentType: String? = nil, content: [UInt8]? = nil) {
        self.changeID = changeID
        self.kind = kind
        self.text = text
        self.contentType = contentType
        self.content = content
    }
}
