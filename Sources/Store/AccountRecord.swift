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
    /// Set while it is closed; kept by `AccountStoreWriter.insertClosure`, not with the other fields.
    package var closedAt: Timestamp?

    package init(
        reference: AccountReference, owner: Owner, linkedNumber: String?, language: String, lockedChannels: [ChannelCode],
        lastChannel: LastChannel? = nil, revision: Revision, createdAt: Timestamp, closedAt: Timestamp? = nil
    ) {
        self.reference = reference
        self.owner = owner
        self.linkedNumber = linkedNumber
        self.language = language
        self.lockedChannels = lockedChannels
        self.lastChannel = lastChannel
        self.revision = revision
        self.createdAt = createdAt
        self.closedAt = closedAt
    }
}
