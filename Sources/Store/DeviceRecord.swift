package import Wire

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
