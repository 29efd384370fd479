package import Wire

/// One thing to be sent, kept until it is known what became of it, and afterwards as the record of it.
package struct OutboxRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// Until `notBefore`, and until all before it in its lane are done.
        case waiting
        /// Handed to the provider, which has not answered. After a crash: nobody knows whether it went.
        case sending
        case sent, delivered, read
        case failed

        /// Whether later ones of the same lane must wait for it.
        package var isOpen: Bool { self == .waiting || self == .sending }
    }

    /// Given by the store; rises.
    package var number: Int64
    /// What must go in order shares a lane: a recipient.
    package var lane: String
    package var provider: String
    /// What is to be done, as JSON of the sender.
    package var job: [UInt8]
    package var account: AccountReference?
    /// The hold, drill or request that it tells of.
    package var cause: String?
    package var state: State
    package var createdAt: Timestamp
    package var notBefore: Timestamp
    package var attempts: Int
    /// The provider's identifier, once it took it.
    package var providerID: String?
    /// The last failure, in words for staff.
    package var failure: String?
    package var changedAt: Timestamp

    package init(
        number: Int64 = 0, lane: String, provider: String, job: [UInt8], account: AccountReference? = nil, cause: String? = nil,
        state: State = .waiting, createdAt: Timestamp, notBefore: Timestamp, attempts: Int = 0, providerID: String? = nil,
        failure: String? = nil, changedAt: Timestamp
    ) {
        self.number = number
        self.lane = lane
        self.provider = provider
        self.job = job
        self.account = account
        self.cause = cause
        self.state = state
        self.createdAt = createdAt
        self.notBefore = notBefore
        self.attempts = attempts
        self.providerID = providerID
        self.failure = failure
        self.changedAt = changedAt
    }
}

/// Through whom went what a list shows.
package enum OutboxProviders: Sendable, Equatable {
    case all
    case only(String)
    case allBut(String)
}

/// How much waits in the outbox.
package struct OutboxSummary: Sendable, Equatable {
    /// Rows that are `waiting` or `sending`.
    package var open: Int
    /// When the oldest of them was made; `nil` when there is none.
    package var oldest: Timestamp?

    package init(open: Int, oldest: Timestamp?) {
        self.open = open
        self.oldest = oldest
    }
}
