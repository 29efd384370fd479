package import Wire

/// `enrolment.json`: who this terminal is to its server, whose leases it believes, and whom it takes for the server.
package struct Enrolment: Codable, Sendable, Equatable {
    package var server: String
    package var imei: IMEI
    package var channel: ChannelCode
    package var account: AccountReference?
    package var keys: JWKSet
    /// The keys that the server's certificate may have; absent: any that the authority certifies. Never empty.
    package var pins: [CertificatePin]?
    /// SHA-256 of `ca_file` in hexadecimal, or `system`; absent in enrolments of before.
    package var authority: String?
    /// The server's Unix time when this was written: no right clock is behind it.
    package var known_at: Int64?

    package init(
        server: String, imei: IMEI, channel: ChannelCode, account: AccountReference?, keys: JWKSet, pins: [CertificatePin]? = nil,
        authority: String? = nil, known_at: Int64? = nil
    ) {
        self.pins = pins
        self.authority = authority
        self.known_at = known_at
        self.server = server
        self.imei = imei
        self.channel = channel
        self.account = account
        self.keys = keys
    }
}
