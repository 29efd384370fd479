import Store
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
    package var revision: Revision
    package var created_at: Timestamp
}

package struct EnrolmentCodeBody: Codable, Sendable {
    package var code: String
    package var expires_at: Timestamp
}
