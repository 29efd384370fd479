import BackOffice
import Messaging
import TestSupport
import Wire

/// A back office with Freshchat behind it, where a vendor writes in a conversation.
struct FreshchatOffice {
    static let path = "/hooks/freshchat"
    static let group = "66666666-6666-4666-8666-666666666666"
    static let conversation = "55555555-5555-4555-8555-555555555555"
    /// The vendor.
    static let user = "11111111-1111-4111-8111-111111111111"
    /// The end of a conversation that was dealt with here.
    static let closing: [FreshchatStandIn.Step] = [
        .changed(conversation: conversation, group: group, status: "new"), .changed(conversation: conversation, group: nil, status: "resolved"),
    ]

    let freshchat: FreshchatStandIn
    let slack: SlackStandIn
    let office: ProviderOffice

    init(_ freshchat: FreshchatStandIn, channels: [String] = [FreshchatStandIn.channel], patience: Duration = .seconds(20)) throws {
        self.freshchat = freshchat
        slack = try SlackStandIn()
        var messaging = MessagingConfiguration(freshchat: try freshchat.configuration(channels: channels), alertsURL: slack.webhookURL)
        messaging.patience = patience
        office = try ProviderOffice(messaging)
        try office.account()
        freshchat.addUser(Self.user, phone: ProviderOffice.vendor)
    }

    func say(_ text: String = "Stop 12345678", in conversation: String = conversation, user: String = user) throws {
        try office.take(Webhooks.freshchat(text: text, user: user, conversation: conversation), Self.path)
    }

    func steps(_ conversation: String = conversation) -> [FreshchatStandIn.Step] { freshchat.steps(of: conversation) }
}
