package import Messaging

/// The providers that messages come and go through; absent ones are not used.
package struct MessagingConfiguration: Sendable {
    package var whatsapp: WhatsAppConfiguration?
    package var freshchat: FreshchatConfiguration?
    package var twilio: TwilioConfiguration?
    package var africasTalking: AfricasTalkingConfiguration?
    package var clickatell: ClickatellConfiguration?
    /// An incoming webhook in Slack's form for the people who run the server.
    package var alertsURL: String?
    /// Other systems that are told of events.
    package var webhooks: [WebhookEndpoint] = []
    /// Where vendors write to, and how what they write is posted here.
    package var email: EmailConfiguration?
    /// For one exchange with a provider.
    package var patience = Duration.seconds(20)
    /// For asking Freshchat who wrote, while its webhook waits: it gives us about three seconds.
    package var lookUpPatience = Duration.milliseconds(2500)
    /// How long a USSD screen waits for connected terminals to confirm: the carrier wants its answer within some seconds.
    package var screenPatience = Duration.milliseconds(1200)

    package init(
        whatsapp: WhatsAppConfiguration? = nil, freshchat: FreshchatConfiguration? = nil, twilio: TwilioConfiguration? = nil,
        africasTalking: AfricasTalkingConfiguration? = nil, clickatell: ClickatellConfiguration? = nil, alertsURL: String? = nil
    ) {
        self.whatsapp = whatsapp
        self.freshchat = freshchat
        self.twilio = twilio
        self.africasTalking = africasTalking
        self.clickatell = clickatell
        self.alertsURL = alertsURL
    }

    /// Whether something can be sent through a provider: what it takes beyond receiving is configured.
    func sends(_ provider: Provider) -> Bool {
        switch provider {
        case .whatsapp: whatsapp?.accessToken != nil
        case .freshchat: freshchat?.token != nil
        // An answer goes from the number that was written to.
        case .twilio: twilio != nil
        case .africastalking: africasTalking?.apiKey != nil
        case .clickatell: clickatell?.apiKey != nil
        case .ussd, .email: false
        case .alerts: alertsURL != nil
        case .webhooks: !webhooks.isEmpty
        }
    }

    /// How an SMS goes to somebody who did not write one.
    var smsProvider: Provider? {
        [.twilio, .africastalking, .clickatell].first { sends($0) && ($0 != .twilio || twilio?.from != nil) }
    }
}
