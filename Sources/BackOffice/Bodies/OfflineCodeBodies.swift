package import Wire

/// `POST /v1/devices/{imei}/offline-codes`.
package struct NewOfflineCodeBody: Codable, Sendable {
    package var action: String
    package var hours: Int?
    package var note: String
    /// Whoever asks says that the vendor was verified.
    package var verified: Bool
    package init(action: String, hours: Int?, note: String, verified: Bool) {
        self.action = action
        self.hours = hours
        self.note = note
        self.verified = verified
    }
}

package struct OfflineCodeBody: Codable, Sendable {
    /// 11 digits, the last a check digit.
    package var code: String
    package var counter: Int64
    package var action: OfflineCode.Action
    package var hours: Int
    /// It ends when a code of this counter or a later one is used, and with this terminal's key: terminals have no clock to trust.
    package var ends_with_counter: Int64
}
