/// The access to an account of Freshchat.
package struct FreshchatConfiguration: Sendable {
    /// `https://acme.freshchat.com/v2`: hosts differ, so the whole of it, version included.
    package var url: String
    /// With which we ask and answer; absent: nobody's number can be looked up.
    package var token: String?
    /// That of the webhooks' signatures, as the settings show it; absent: no webhook is accepted.
    package var publicKey: String?
    /// To which a conversation goes that was dealt with here.
    package var group: String
    /// Channels that are WhatsApp, by either of their identifiers: only there is a user's number proved.
    package var whatsappChannels: [String]
    /// In whose name we answer; absent: as a bot.
    package var agentID: String?

    package init(
        url: String, token: String? = nil, publicKey: String? = nil, group: String = "Device Lock", whatsappChannels: [String] = [],
        agentID: String? = nil
    ) {
        self.url = url
        self.token = token
        self.publicKey = publicKey
        self.group = group
        self.whatsappChannels = whatsappChannels
        self.agentID = agentID
    }
}
