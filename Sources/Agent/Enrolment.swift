package import Wire

/// `enrolment.json`: who this terminal is to its server, and whose leases it believes.
package struct Enrolment: Codable, Sendable, Equatable {
    package var server: String
    package var imei: IMEI
    package var channel: ChannelCode
    package var account: AccountReference?
    package var keys: JWKSet

    package init(server: String, imei: IMEI, channel: ChannelCode, account: AccountReference?, keys: JWKSet) {
        self.server = server
        self.imei = imei
        self.channel = channel
        self.account = account
        self.keys = keys
    }
}
