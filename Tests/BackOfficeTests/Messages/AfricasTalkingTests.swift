import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// SMS through Africa's Talking, which signs nothing: who knows the path is believed.
@Suite struct AfricasTalkingTests {
    private static let path = "/hooks/sms/africastalking/" + ProviderOffice.pathSecret

    private let provider: AfricasTalkingStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws {
        provider = try AfricasTalkingStandIn()
        slack = try SlackStandIn()
        office = try ProviderOffice(MessagingConfiguration(africasTalking: provider.configuration, alertsURL: slack.webhookURL))
        try office.account()
    }

    private func say(_ text: String, from: String = ProviderOffice.vendor) throws {
        try office.take(Webhooks.africasTalking(text: text, from: from), Self.path)
    }

    @Test(arguments: ["STOP 12345678", "LOCK 12345678"])
    func locksAndAnswers(_ text: String) throws {
        try say(text)
        #expect(try office.holds().count == 1)
        try office.pass()
        #expect(provider.sent.count == 1)
        let sms = try #require(provider.sent.first)
        #expect(sms.to == ProviderOffice.vendor && sms.from == "21512" && sms.segments == 1)
        #expect(sms.body.hasPrefix("Wallet 12345678 locked since "))
        #expect(provider.violations.isEmpty)
        #expect(try office.outcomes() == ["locked"])
        #expect(try office.outbox().first?["state"] == "sent")
    }

    @Test(arguments: ["2026-07-18 12:00:00", "2026-07-18T12:00:00Z"])
    func notesWhenItWasSentHoweverThatIsWritten(_ date: String) throws {
        try office.take(Webhooks.africasTalking(text: "LOCK 12345678", from: ProviderOffice.vendor, date: date), Self.path)
        let row = try office.api.must(200, "GET", "/v1/accounts/12345678/messages")["received"][0]
        #expect(row["sent_at"].string.flatMap { Timestamp($0) } == Timestamp("2026-07-18T12:00:00Z"))
        #expect(row["sender"].string == ProviderOffice.vendor)
    }

    /// A `+` that was not encoded arrives as a space.
    @Test(arguments: [ProviderOffice.vendor, " 27711234567", "27711234567"])
    func knowsTheNumberHoweverItIsWritten(_ from: String) throws {
        try say("LOCK 12345678", from: from)
        #expect(try office.holds().count == 1)
    }

    @Test(arguments: ["MTN", "21512", "AT-Alert"])
    func believesNoNameAndNoShortCode(_ from: String) throws {
        try say("LOCK 12345678", from: from)
        #expect(try office.holds().isEmpty)
    }

    @Test(arguments: ["wrong", "k3-path-secre", "k3-path-secrett", "K3-PATH-SECRET", "%20"])
    func refusesWhoDoesNotKnowThePath(_ secret: String) throws {
        let reply = try office.post(
            Webhooks.africasTalking(text: "LOCK 12345678", from: ProviderOffice.vendor), "/hooks/sms/africastalking/" + secret)
        expectProblem(reply, 403, "signature_wrong")
        #expect(try office.holds().isEmpty)
        #expect(!reply.text.contains(ProviderOffice.pathSecret))
        try office.waitForAlert(slack, containing: "is not signed by it")
    }

    @Test func saysThatItIsNotConfigured() throws {
        let webhook = Webhooks.africasTalking(text: "LOCK 12345678", from: ProviderOffice.vendor)
        var onlySending = provider.configuration
        onlySending.secret = nil
        for messaging in [MessagingConfiguration(), MessagingConfiguration(africasTalking: onlySending)] {
            expectProblem(try ProviderOffice(messaging).post(webhook, Self.path), 503, "provider_not_configured")
        }
    }

    @Test func locksWithoutAKeyToAnswerWith() throws {
        var silent = provider.configuration
        silent.apiKey = nil
        let office = try ProviderOffice(MessagingConfiguration(africasTalking: silent))
        try office.account()
        try office.take(Webhooks.africasTalking(text: "LOCK 12345678", from: ProviderOffice.vendor), Self.path)
        #expect(try office.holds().count == 1)
        #expect(try office.outbox().isEmpty)
        #expect(provider.received == 0)
    }

    @Test func doesNothingForAReportOnItsOwnMessage() throws {
        try office.take(
            Webhooks.africasTalkingReport(id: "ATXid_1", status: "Failed", to: ProviderOffice.vendor, reason: "UserInBlackList"), Self.path)
        #expect(try office.holds().isEmpty && office.outbox().isEmpty)
    }

    @Test func tellsPeopleOfARecipientWhoIsBlocked() throws {
        provider.refuse(ProviderOffice.vendor, with: 406)
        try say("LOCK 12345678")
        try office.pass()
        #expect(try office.notes("message_undelivered").map { $0["text"].string?.contains("406") } == [true])
        try office.waitForAlert(slack, containing: "UserInBlacklist")
    }

    @Test func sendsWhatWaitedWhenTheBalanceIsPaid() throws {
        provider.refuse(ProviderOffice.vendor, with: 405)
        try say("LOCK 12345678")
        try office.pass()
        try office.waitForAlert(slack, containing: "InsufficientBalance")
        provider.refuse(ProviderOffice.vendor, with: nil)
        try office.pass(.seconds(300))
        #expect(provider.sent.count == 1)
        #expect(try office.notes("message_undelivered").isEmpty)
    }
}
