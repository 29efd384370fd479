package import Store
package import Wire

/// `POST /v1/accounts`.
package struct NewAccountBody: Codable, Sendable {
    package var reference: AccountReference
    package var owner: AccountRecord.Owner
    package var linked_number: String?
    package var language: String?
    package var locked_channels: [ChannelCode]?

    package init(
        reference: AccountReference, owner: AccountRecord.Owner, linked_number: String? = nil, language: String? = nil,
        locked_channels: [ChannelCode]? = nil
    ) {
        self.reference = reference
        self.owner = owner
        self.linked_number = linked_number
        self.language = language
        self.locked_channels = locked_channels
    }
}

/// `PATCH /v1/accounts/{ref}`: what is absent stays. `linked_number` is taken only where none is linked, or the same again.
package struct AccountPatchBody: Codable, Sendable {
    package struct OwnerPatch: Codable, Sendable {
        package var name: String?
        package var surname: String?
        package var address: String?
        package var id_number: String?
        package var email: String?

        package init(
            name: String? = nil, surname: String? = nil, address: String? = nil, id_number: String? = nil, email: String? = nil
        ) {
            self.name = name
            self.surname = surname
            self.address = address
            self.id_number = id_number
            self.email = email
        }

        package var isEmpty: Bool { changed.isEmpty }

        /// For the note: which fields, not what they were.
        var changed: String {
            let given = [("name", name), ("surname", surname), ("address", address), ("ID number", id_number), ("e-mail", email)]
            return given.filter { $0.1 != nil }.map(\.0).joined(separator: ", ")
        }
    }
    package var owner: OwnerPatch?
    package var linked_number: String?
    package var language: String?

    package init(owner: OwnerPatch? = nil, linked_number: String? = nil, language: String? = nil) {
        self.owner = owner
        self.linked_number = linked_number
        self.language = language
    }
}

/// An account as the API shows it.
package struct AccountBody: Codable, Sendable {
    package struct Device: Codable, Sendable {
        package var imei: ShownIMEI
        /// Registered to this account; otherwise it signed in to it.
        package var registered: Bool
        package var model: String?
        package var last_seen: Timestamp?
    }

    /// Of the last accepted connection.
    package struct LastChannel: Codable, Sendable {
        package var channel: ChannelCode
        package var imei: ShownIMEI
        package var at: Timestamp

        init(_ last: AccountRecord.LastChannel) {
            channel = last.channel
            imei = .whole(last.imei)
            at = last.at
        }
    }

    /// A number that was linked before and may lock too, for a while.
    package struct PreviousNumber: Codable, Sendable {
        package var number: String
        package var until: Timestamp
    }

    package var reference: AccountReference
    package var owner: AccountRecord.Owner
    package var linked_number: String?
    /// Since when the linked number may not lock, until staff confirm it.
    package var linked_number_suspended_at: Timestamp?
    package var previous_number: PreviousNumber?
    package var language: String
    package var locked_channels: [ChannelCode]
    package var max_devices: Int
    package var last_channel: LastChannel?
    package var locked: Bool
    package var holds: [HoldBody]
    package var devices: [Device]
    package var revision: Revision
    package var created_at: Timestamp
    /// Since when it is closed; absent while it is open.
    package var closed_at: Timestamp?
    /// What is left out or masked for this caller (`owner.address`, `devices.imei`); absent when nothing is.
    package var hidden: [String]?
}

package struct AccountListBody: Codable, Sendable {
    package var accounts: [AccountBody]
    /// Give it as `after` for the next page; absent on the last.
    package var next: String?
}

/// `PUT /v1/accounts/{ref}/locked-channels`.
package struct LockedChannelsBody: Codable, Sendable {
    package var channels: [ChannelCode]
    package var ticket: String
    package var force_reason: String?

    package init(channels: [ChannelCode], ticket: String, force_reason: String?) {
        self.channels = channels
        self.ticket = ticket
        self.force_reason = force_reason
    }
}
