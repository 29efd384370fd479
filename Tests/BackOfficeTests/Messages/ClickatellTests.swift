import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// SMS through Clickatell, whose texts come in three character sets.
@Suite struct ClickatellTests {
    private static let path = "/hooks/sms/clickatell/" + ProviderOffice.pathSecret

    private let provider: ClickatellStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws {
        provider = try ClickatellStandIn()
        slack = try SlackStandIn()
        office = try ProviderOffice(MessagingConfiguration(clickatell: provider.configuration, alertsURL: slack.webhookURL))
        try office.account()
    }

    private func say(_ text: String, from: String = "27711234567", charset: String = "UTF-8") throws {
        try office.take(Webhooks.clickatell(text: text, from: from, charset: charset), Self.path)
    }

    /// Each byte of the text as big-endian UTF-16, percent-encoded as Clickatell does it.
    private static func utf16(_ text: String) -> String {
        text.utf16.map { unit in
            [unit >> 8, unit & 255].map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        }.joined()
    }

    @Test(arguments: [
        ("LOCK 12345678", "UTF-8"), ("STOP 12345678", "UTF-8"), ("\u{AC}\u{B9}\u{A7} 12345678", "none of ours"),
        ("LOCK+12345678", "ISO-8859-1"), ("LOCK%A012345678", "ISO-8859-1"), (utf16("Lock 12345678"), "UTF-16BE"),
        (utf16("बंद 12345678"), "UTF-16BE"), (utf16("Stop \u{0967}\u{0968}\u{0969}\u{096A}\u{096B}\u{096C}\u{096D}\u{096E}"), "UTF-16BE"),
    ])
    func locksInAnyCharacterSet(_ text: String, _ charset: String) throws {
        try say(text, charset: charset)
        #expect(try office.holds().count == (charset == "none of ours" ? 0 : 1))
    }

    @Test func answersInOneSMS() throws {
        try say("LOCK 12345678")
        try office.pass()
        #expect(provider.sent.count == 1)
        let sms = try #require(provider.sent.first)
        #expect(sms.to == "27711234567" && sms.segments == 1 && sms.body.hasPrefix("Wallet 12345678 locked since "))
        #expect(provider.violations.isEmpty)
    }

    @Test func takesTheShapeOfTheNewerInterfaceToo() throws {
        let body =
            #"{"event":{"moText":[{"channel":"sms","messageId":"a1","from":"27829999999","to":"27110000000","content":"hello","timestamp":1784376000000},{"channel":"sms","messageId":"a2","from":"27711234567","to":"27110000000","content":"LOCK 12345678","timestamp":1784376000000}]}}"#
        try office.take(Webhook(body: Array(body.utf8)), Self.path)
        #expect(try office.holds().count == 1)
        try office.pass()
        #expect(provider.sent.map(\.to) == ["27711234567"])
    }

    @Test func locksByTheGoodMessageOfAListAndTellsOfTheOddOnes() throws {
        let body =
            #"{"event":{"moText":[{"channel":"sms","messageId":{"id":1},"from":"27711234568","content":"LOCK 87654321"},7,{"channel":"sms","messageId":"a2","from":"27711234567","content":"LOCK 12345678"}]}}"#
        try office.take(Webhook(body: Array(body.utf8)), Self.path)
        #expect(try office.holds().count == 1)
        #expect(try office.metric("clickatell", "unreadable") == 2)
        try office.waitForAlert(slack, containing: "2 messages of SMS through Clickatell cannot be read: event.moText[0] needs")
    }

    @Test func refusesWhoDoesNotKnowThePath() throws {
        let webhook = Webhooks.clickatell(text: "LOCK 12345678", from: "27711234567")
        expectProblem(try office.post(webhook, "/hooks/sms/clickatell/wrong"), 403, "signature_wrong")
        // Another provider's path is not this one's.
        expectProblem(try office.post(webhook, "/hooks/sms/africastalking/" + ProviderOffice.pathSecret), 503, "provider_not_configured")
        #expect(try office.holds().isEmpty)
    }

    @Test func saysThatItIsNotConfigured() throws {
        let office = try ProviderOffice(MessagingConfiguration())
        expectProblem(
            try office.post(Webhooks.clickatell(text: "LOCK 12345678", from: "27711234567"), Self.path), 503, "provider_not_configured")
    }

    @Test func doesNothingForAReportOnItsOwnMessage() throws {
        try office.take(Webhooks.clickatellReport(id: "m1", status: "DELIVERED_TO_GATEWAY", to: "27711234567"), Self.path)
        #expect(try office.holds().isEmpty && office.outbox().isEmpty)
        #expect(try office.alerts("unreadable") == 0)
    }

    @Test(arguments: ["LOCK 12345678", "[]", #"{"text":"LOCK 12345678"}"#])
    func tellsPeopleOfABodyThatCannotBeRead(_ body: String) throws {
        #expect(try office.post(Webhook(body: Array(body.utf8)), Self.path).status == 400)
        try office.waitForAlert(slack, containing: "cannot be read")
    }

    @Test func tellsPeopleOfARecipientWhoCannotBeReached() throws {
        provider.refuse("27711234567", because: "Invalid destination address")
        try say("LOCK 12345678")
        try office.pass()
        #expect(try office.outbox().first?["state"] == "failed")
        #expect(try office.notes("message_undelivered").count == 1)
        try office.waitForAlert(slack, containing: "Invalid destination address")
    }
}
