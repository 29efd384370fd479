/// How to reach Twilio, and how Twilio reaches us.
package struct TwilioConfiguration: Sendable, Equatable {
    package var url: String
    /// `AC…`
    package var accountSID: String
    package var authToken: String
    /// Our address as Twilio calls it, before any proxy: `https://lock.example.org`. The signature covers it.
    package var publicURL: String
    /// The number or the messaging service (`MG…`) that a message goes from when the one that was written to is not known.
    package var from: String?

    package init(url: String = "https://api.twilio.com", accountSID: String, authToken: String, publicURL: String, from: String? = nil) {
        self.url = url
        self.accountSID = accountSID
        self.authToken = authToken
        self.publicURL = publicURL
        self.from = from
    }

    /// The URL that Twilio called and signed, from the request's target: path and query as they came.
    package func signedURL(target: String) -> String {
        (publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL) + target
    }
}
