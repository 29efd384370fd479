/// E-mail in: what the receiving mail server posts to `/hooks/email`.
package struct EmailConfiguration: Sendable, Equatable {
    /// The address that vendors write to.
    package var address: String
    /// What the mail server proves itself with: `Authorization: Bearer SECRET`.
    package var secret: String
    /// The `authserv-id`s (RFC 8601 section 2.5) of the receiving mail server: only its results count.
    package var trusted: [String]

    package init(address: String, secret: String, trusted: [String]) {
        self.address = address
        self.secret = secret
        self.trusted = trusted
    }
}
