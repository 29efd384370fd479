/// Through which interface a message comes in or goes out.
package enum Provider: String, Codable, Sendable, CaseIterable {
    case whatsapp
    case freshchat
    case twilio
    case africastalking
    case clickatell
    /// USSD through Africa's Talking.
    case ussd
    /// What the receiving mail server posts; nothing goes out this way.
    case email
    /// Notices for the people who run the server, in Slack's form; nothing comes in this way.
    case alerts
    /// Other systems that are told of events.
    case webhooks

    /// Whether what it carries is one SMS of limited length.
    package var isSMS: Bool { self == .twilio || self == .africastalking || self == .clickatell }
}
