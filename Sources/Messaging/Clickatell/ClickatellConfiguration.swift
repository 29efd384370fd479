/// How to reach Clickatell, and how it reaches us.
package struct ClickatellConfiguration: Sendable, Equatable {
    package var url: String
    /// Absent: messages are taken, none are sent.
    package var apiKey: String?
    /// The segment of the webhook's path that only Clickatell knows, for it signs nothing. Absent: nothing is taken.
    package var secret: String?

    package init(url: String = "https://platform.clickatell.com", apiKey: String? = nil, secret: String? = nil) {
        self.url = url
        self.apiKey = apiKey
        self.secret = secret
    }
}
