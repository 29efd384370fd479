package import Wire

/// A vendor's account as stored.
package struct AccountRecord: Sendable, Equatable {
    package struct Owner: Codable, Sendable, Equatable {
        package var name: String
        package var surname: String?
        package var address: String?
        package var id_number: String?
        package var email: String?

        package init(name: String, surname: String? = nil, address: String? = nil, id_number: String? = nil, email: String? = nil) {
            self.name = name
            self.surname = surname
            self.address = address
            self.id_number = id_number
            self.email = email
        }
    }

    package struct LastChannel: Codable, Sendable, Equatable {
        package var channel: ChannelCode
        package var imei: IMEI
        package var at: Timestamp

        package init(channel: ChannelCode, imei: IMEI, at: Timestamp) {
            self.channel = channel
            self.imei = imei
            self.at = at
        }
    }

    package var reference: AccountReference
    package var owner: Owner
    /// E.164; absent when no number is linked.
    package var linkedNumber: String?
    package var language: String
    package var lockedChannels: [ChannelCode]
    package var lastChannel: LastChannel?
    package var revision: Revision
    package var createdAt: Timestamp

    package init(
        reference: AccountReference, owner: Owner, linkedNumber: String?, language: String, lockedChannels: [ChannelCode],
        lastChannel: LastChannel? = nil, revision: Revision, createdAt: Timestamp
    ) {
        self.reference = reference
        self.owner = owner
        self.linkedNumber = linkedNumber
        self.language = language
        self.lockedChannels = lockedChannels
        self.lastChannel = lastChannel
        self.revision = revision
        self.createdAt = createdAt
    }
}

/// A terminal as stored.
package struct DeviceRecord: Sendable, Equatable {
    package var imei: IMEI
    package var registeredTo: AccountReference?
    /// The account it last signed in to; only meaningful while it is registered to none.
    package var claimed: AccountReference?
    /// When its sign-in to `claimed` was accepted; absent while it has no seat on that account.
    package var seatedAt: Timestamp?
    package var registeredAt: Timestamp?
    package var model: String?
    package var isDecommissioned: Bool
    /// The 32 bytes of its enrolled key; absent until it is enrolled.
    package var publicKey: [UInt8]?
    package var enrolledChannel: ChannelCode?
    package var agentVersion: String?
    package var bootID: String?
    /// Last heard (a poll, a connection, an event); written in batches, so it may lag by some seconds after a crash.
    package var lastSeen: Timestamp?
    package var revision: Revision
    package var createdAt: Timestamp

    package init(
        imei: IMEI, registeredTo: AccountReference? = nil, claimed: AccountReference? = nil, seatedAt: Timestamp? = nil,
        registeredAt: Timestamp? = nil, model: String? = nil, isDecommissioned: Bool = false, publicKey: [UInt8]? = nil,
        enrolledChannel: ChannelCode? = nil, agentVersion: String? = nil, bootID: String? = nil, lastSeen: Timestamp? = nil,
        revision: Revision, createdAt: Timestamp
    ) {
        self.imei = imei
        self.registeredTo = registeredTo
        self.claimed = claimed
        self.seatedAt = seatedAt
        self.registeredAt = registeredAt
        self.model = model
        self.isDecommissioned = isDecommissioned
        self.publicKey = publicKey
        self.enrolledChannel = enrolledChannel
        self.agentVersion = agentVersion
        self.bootID = bootID
        self.lastSeen = lastSeen
        self.revision = revision
        self.createdAt = createdAt
    }

    /// The account it counts towards: registered, else signed in to.
    package var governing: AccountReference? { registeredTo ?? claimed }
}

/// What a hold or a note is about.
package enum Subject: Sendable, Hashable {
    case account(AccountReference)
    case device(IMEI)
}

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

/// How far one lock has come on one terminal: a row for each terminal that was on the account when the hold was placed.
package struct DeliveryRecord: Sendable, Equatable {
    package var holdID: String
    package var imei: IMEI
    /// The lock state's revision that carries the hold to this terminal.
    package var revision: Revision
    package var deliveredAt: Timestamp?
    package var enforcedAt: Timestamp?

    package init(holdID: String, imei: IMEI, revision: Revision, deliveredAt: Timestamp? = nil, enforcedAt: Timestamp? = nil) {
        self.holdID = holdID
        self.imei = imei
        self.revision = revision
        self.deliveredAt = deliveredAt
        self.enforcedAt = enforcedAt
    }
}

/// One entry of the Device Account Notes. Never changed or deleted; chained by hash per subject.
package struct NoteRecord: Sendable, Equatable {
    package var id: Int64
    package var subject: Subject
    package var at: Timestamp
    package var actor: String
    /// The role the actor acted in; absent for terminals and the system.
    package var role: Role?
    /// Through what: `api`, `terminal`, `whatsapp`, `system` …
    package var via: String
    package var sourceAddress: String?
    /// Stable code: `hold_placed`, `hold_released`, `channels_set`, `connection_refused`, `enrolled`, `text` …
    package var kind: String
    package var text: String
    package var ticket: String?
    /// SHA-256 over the previous note's hash and this note's content, hex.
    package var hash: String

    package init(
        id: Int64, subject: Subject, at: Timestamp, actor: String, role: Role?, via: String, sourceAddress: String?, kind: String,
        text: String, ticket: String?, hash: String
    ) {
        self.id = id
        self.subject = subject
        self.at = at
        self.actor = actor
        self.role = role
        self.via = via
        self.sourceAddress = sourceAddress
        self.kind = kind
        self.text = text
        self.ticket = ticket
        self.hash = hash
    }
}

/// A note to be appended: the store gives id and hash.
package struct NewNote: Sendable, Equatable {
    package var subject: Subject
    package var at: Timestamp
    package var actor: String
    package var role: Role?
    package var via: String
    package var sourceAddress: String?
    package var kind: String
    package var text: String
    package var ticket: String?

    package init(
        subject: Subject, at: Timestamp, actor: String, role: Role? = nil, via: String, sourceAddress: String? = nil, kind: String,
        text: String, ticket: String? = nil
    ) {
        self.subject = subject
        self.at = at
        self.actor = actor
        self.role = role
        self.via = via
        self.sourceAddress = sourceAddress
        self.kind = kind
        self.text = text
        self.ticket = ticket
    }
}

/// A one-time code with which one IMEI may enrol; only its SHA-256 is kept.
package struct EnrolmentCodeRecord: Sendable, Equatable {
    package var codeHash: [UInt8]
    package var imei: IMEI
    package var expiresAt: Timestamp
    package var usedAt: Timestamp?

    package init(codeHash: [UInt8], imei: IMEI, expiresAt: Timestamp, usedAt: Timestamp? = nil) {
        self.codeHash = codeHash
        self.imei = imei
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }
}

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

/// An event of a terminal as received.
package struct EventRecord: Sendable, Equatable {
    package var imei: IMEI
    package var event: TerminalEvent
    package var receivedAt: Timestamp

    package init(imei: IMEI, event: TerminalEvent, receivedAt: Timestamp) {
        self.imei = imei
        self.event = event
        self.receivedAt = receivedAt
    }
}
