/// How to reach Africa's Talking, and how it reaches us.
package struct AfricasTalkingConfiguration: Sendable, Equatable {
    package var url: String
    package var username: String
    /// Absent: messages are taken, none are sent.
    package var apiKey: String?
    /// The segment of the webhook's path that only Africa's Talking knows, for it signs nothing. Absent: nothing is taken.
    package var secret: String?
    /// The short code or the name that a message comes from; absent: theirs.
    package var from: String?

    package init(
        url: String = "https://api.africastalking.com", username: String, apiKey: String? = nil, secret: String? = nil, from: String? = nil
    ) {
        self.url = url
        self.username = username
        self.apiKey = apiKey
        self.secret = secret
        self.from = from
    }
}
