package import Store
package import Wire

/// `POST /v1/devices`.
package struct NewDeviceBody: Codable, Sendable {
    package var imei: IMEI
    package var account: AccountReference?
    package var model: String?
    package init(imei: IMEI, account: AccountReference? = nil, model: String? = nil) {
        self.imei = imei
        self.account = account
        self.model = model
    }
}

/// `POST /v1/devices/{imei}/move`.
package struct DeviceMoveBody: Codable, Sendable {
    package var account: AccountReference
    package var note: String
    package var ticket: String?
    package init(account: AccountReference, note: String, ticket: String? = nil) {
        self.account = account
        self.note = note
        self.ticket = ticket
    }
}

package struct DeviceBody: Codable, Sendable {
    package struct Location: Codable, Sendable {
        package var lat: Double
        package var lon: Double
        package var accuracy_m: Double?
        package var source: String?
        package var fixed_at: Timestamp?
    }
    package var imei: IMEI
    /// The account it is registered to.
    package var account: AccountReference?
    /// The account it signed in to, for a device that is registered to none.
    package var claimed_account: AccountReference?
    package var model: String?
    package var enrolled: Bool
    package var decommissioned: Bool
    package var agent_version: String?
    package var holds: [HoldBody]
    package var last_seen: Timestamp?
    /// Enrolled, and silent for longer than a lease runs.
    package var overdue: Bool
    package var last_location: Location?
    package var last_cell: CellBody?
    package var revision: Revision
    package var created_at: Timestamp
}

package struct EnrolmentCodeBody: Codable, Sendable {
    package var code: String
    package var expires_at: Timestamp
}

package struct DeviceListBody: Codable, Sendable {
    package var devices: [DeviceBody]
    /// Give it as `after` for the next page; absent on the last.
    package var next: String?
}

/// `GET /v1/devices/{imei}/events`: each as the terminal sent it, with the time of its receipt.
package struct EventListBody: Encodable, Sendable {
    package struct Event: Encodable, Sendable {
        package let record: EventRecord

        private enum Key: CodingKey { case received_at }

        package func encode(to encoder: any Encoder) throws {
            try record.event.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(record.receivedAt, forKey: .received_at)
        }
    }
    package var events: [Event]
    package var next: String?
}
