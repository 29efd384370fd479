import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// A Stop on Freshchat: locked before its 200, then answered, given to its group and resolved, each step by itself.
@Suite struct FreshchatTests {
    private let here: FreshchatOffice
    private var freshchat: FreshchatStandIn { here.freshchat }
    private var slack: SlackStandIn { here.slack }
    private var office: ProviderOffice { here.office }

    init() throws { try self.init(FreshchatStandIn()) }

    private init(_ freshchat: FreshchatStandIn, channels: [String] = [FreshchatStandIn.channel], patience: Duration = .seconds(20)) throws {
        here = try FreshchatOffice(freshchat, channels: channels, patience: patience)
    }

    private func webhook(
        _ text: String = "Stop 12345678", in conversation: String = FreshchatOffice.conversation, id: String? = nil,
        channel: String = FreshchatStandIn.channel,
        actorType: String = "user", messageType: String = "normal"
    ) throws -> Webhook {
        try Webhooks.freshchat(
            parts: [text], user: FreshchatOffice.user, conversation: conversation, id: id, channel: channel, actorType: actorType,
            messageType: messageType)
    }

    private func say(_ text: String = "Stop 12345678", in conversation: String = FreshchatOffice.conversation) throws {
        try here.say(text, in: conversation)
    }

    private func steps(_ conversation: String = FreshchatOffice.conversation) -> [FreshchatStandIn.Step] { here.steps(conversation) }

    private func replies() -> [String] { freshchat.conversation(FreshchatOffice.conversation)?.replies ?? [] }

    // MARK: The whole way

    @Test func locksBeforeThe200AndThenRepliesAssignsAndResolves() throws {
        try office.take(webhook(id: "33333333-3333-4333-8333-333333333333"), FreshchatOffice.path)
        #expect(try office.holds().map { $0["kind"].string } == ["vendor"])
        try office.pass()
        #expect(replies().count == 1)
        let reply = try #require(replies().first)
        #expect(reply.hasPrefix("Wallet 12345678 has been locked since "))
        #expect(steps() == [.replied(conversation: FreshchatOffice.conversation, text: reply)] + FreshchatOffice.closing)
        #expect(freshchat.violations.isEmpty)
        let note = try #require(office.notes("hold_placed").first)
        for part in ["Freshchat", "33333333-3333-4333-8333-333333333333", ProviderOffice.vendor, "2026-07-18T12:00:00"] {
            #expect(note["text"].string?.contains(part) == true, "\(note)")
        }
        #expect(note["via"] == "freshchat")
    }

    @Test func locksWhileAnAgentTalksInTheConversation() throws {
        try say("My airtime does not come, please help")
        try office.take(webhook("Have you tried to reconnect? Or do you want to stop 12345678", actorType: "agent"), FreshchatOffice.path)
        #expect(try office.holds().isEmpty)
        try say()
        #expect(try office.holds().count == 1)
        try office.pass()
        #expect(steps().count == 3 && Array(steps().dropFirst()) == FreshchatOffice.closing)
    }

    @Test func leavesAnotherOpenConversationOfTheSameUserAlone() throws {
        let other = "55555555-5555-4555-8555-555555555556"
        try say("My airtime does not come", in: other)
        try say()
        try say("Hello? Is anybody there?", in: other)
        try office.pass()
        #expect(try office.holds().count == 1)
        #expect(steps().count == 3 && steps(other).isEmpty)
    }

    @Test func joinsThePartsOfOneMessage() throws {
        let webhook = try Webhooks.freshchat(parts: ["Stop", "12345678"], user: FreshchatOffice.user, conversation: FreshchatOffice.conversation)
        try office.take(webhook, FreshchatOffice.path)
        #expect(try office.holds().count == 1)
    }

    @Test func takesTheSameMessageOnce() throws {
        let webhook = try webhook()
        for _ in 0..<3 { try office.take(webhook, FreshchatOffice.path) }
        try office.pass()
        try office.take(webhook, FreshchatOffice.path)
        try office.pass()
        #expect(steps().count == 3)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [4])
        #expect(try office.outcomes() == ["locked"])
    }

    /// One answer waits for the terminal, and one end of the conversation behind it.
    @Test func doesEachStepOnceForStopsInARow() throws {
        _ = try office.terminal()
        for _ in 0..<5 { try say() }
        try office.pass(.seconds(1))
        #expect(try office.holds().count == 1)
        #expect(steps().count == 3 && Array(steps().dropFirst()) == FreshchatOffice.closing, "\(steps())")
        // Asked after the answer, it is answered and resolved anew.
        try say()
        try office.pass()
        #expect(steps().count == 6 && Array(steps().suffix(2)) == FreshchatOffice.closing)
        #expect(replies().last?.hasPrefix("Wallet 12345678 was locked already, since ") == true)
    }

    // MARK: The last terminal

    @Test func tellsWhenTheLastTerminalHasStoppedAndResolvesAgain() throws {
        let (terminal, revision) = try office.terminal()
        try say()
        try office.pass(.seconds(1))
        #expect(replies().count == 1 && replies()[0].contains("has not been reached yet"))
        try terminal.confirm(after: revision)
        try eventually("the second resolution") { steps().count == 5 }
        let second = try #require(replies().last)
        #expect(second.hasPrefix("Every terminal of wallet 12345678 has stopped now: 1 in all"))
        #expect(Array(steps()[1...2]) == FreshchatOffice.closing)
        #expect(Array(steps()[3...]) == [.replied(conversation: FreshchatOffice.conversation, text: second), FreshchatOffice.closing[1]])
        #expect(freshchat.violations.isEmpty)
    }

    @Test func saysAtOnceThatATerminalHasStoppedWhenItConfirmsInTime() throws {
        let (terminal, revision) = try office.terminal()
        try say()
        try terminal.confirm(after: revision)
        // No time has passed by the test's clock: the confirmation sends the answer.
        try eventually("the answer") { steps().count == 3 }
        #expect(replies().count == 1 && replies()[0].contains(" stopped at "))
        try office.pass(.seconds(60))
        #expect(steps().count == 3)
    }

    // MARK: What is not believed

    @Test(arguments: [
        ("agent", "normal"), ("bot", "normal"), ("system", "normal"), ("user", "private"), ("user", "system"), ("agent", "private"),
    ])
    func doesNothingForWhatIsNoUsersMessage(_ actor: String, _ type: String) throws {
        try office.take(webhook(actorType: actor, messageType: type), FreshchatOffice.path)
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(freshchat.received == 0)
        #expect(try office.outbox().isEmpty)
    }

    @Test(arguments: ["conversation_assignment", "conversation_resolution", "conversation_reopen"])
    func doesNothingForWhatIsNoMessage(_ action: String) throws {
        let body = try webhook().text.replacing("message_create", with: action)
        try office.take(Webhooks.signedFreshchat(body: Array(body.utf8)), FreshchatOffice.path)
        #expect(try office.holds().isEmpty && office.outbox().isEmpty)
    }

    @Test func believesNoNumberOutsideWhatsApp() throws {
        // The short identifier of the webhook is the same in every channel of this test: only the configured one counts.
        try office.take(webhook(channel: "44444444-4444-4444-8444-000000000000"), FreshchatOffice.path)
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(!freshchat.steps.contains(.lookedUpUser(FreshchatOffice.user)))
        #expect(steps() == [.replied(conversation: FreshchatOffice.conversation, text: ProviderOffice.refusal)], "people see to it")
        #expect(try office.notes("stop_refused").count == 1)
    }

    @Test func knowsAWhatsAppChannelByItsOtherIdentifierToo() throws {
        let test = try FreshchatTests(FreshchatStandIn(), channels: ["854617"])
        try test.say()
        #expect(try test.office.holds().count == 1)
    }

    @Test func takesNobodyWhoseNumberFreshchatDoesNotHave() throws {
        freshchat.addUser(FreshchatOffice.user, phone: nil)
        try say()
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(steps() == [.replied(conversation: FreshchatOffice.conversation, text: ProviderOffice.refusal)])
    }

    @Test(arguments: ["0711234567", "071 123 4567", "+27 (0)71 123-4567", "27711234567", "0027711234567"])
    func readsTheNumberHoweverItIsWritten(_ phone: String) throws {
        freshchat.addUser(FreshchatOffice.user, phone: phone)
        try say()
        #expect(try office.holds().count == 1)
    }

    @Test(arguments: ["Stop 12345678", "Stop 99999999"])
    func answersAWrongNumberAndLeavesTheConversationToPeople(_ text: String) throws {
        freshchat.addUser(FreshchatOffice.user, phone: ProviderOffice.stranger)
        try say(text)
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(steps() == [.replied(conversation: FreshchatOffice.conversation, text: ProviderOffice.refusal)])
        #expect(freshchat.conversation(FreshchatOffice.conversation)?.status == "new")
        #expect(try office.notes("stop_refused").count == (text.hasSuffix("12345678") ? 1 : 0))
    }

    // MARK: The signature

    @Test func refusesWhatFreshchatHasNotSigned() throws {
        var changed = try webhook()
        changed.body = Array(changed.text.replacing("12345678", with: "12345679").utf8)
        let foreign = try Webhooks.freshchat(
            parts: ["Stop 12345678"], user: FreshchatOffice.user, conversation: FreshchatOffice.conversation, key: FreshchatKey())
        var garbage = try webhook()
        garbage.headers = ["X-Freshchat-Signature: not base64 at all"]
        for wrong in [changed, foreign, garbage] { expectProblem(try office.post(wrong, FreshchatOffice.path), 403, "signature_wrong") }
        var unsigned = try webhook()
        unsigned.headers = ["X-Forwarded-For: 127.0.0.1"]
        expectProblem(try office.post(unsigned, FreshchatOffice.path), 401, "signature_missing")
        #expect(try office.holds().isEmpty && office.outbox().isEmpty)
        #expect(freshchat.received == 0)
        #expect(try office.metric("freshchat", "bad_signature") == 4)
        try office.waitForAlert(slack, containing: "is not signed by it")
        #expect(try office.alerts("bad_signature") == 4)
    }

    @Test func saysThatItIsNotConfigured() throws {
        let office = try ProviderOffice(MessagingConfiguration())
        expectProblem(try office.post(webhook(), FreshchatOffice.path), 503, "provider_not_configured")
        let keyless = try ProviderOffice(MessagingConfiguration(freshchat: FreshchatConfiguration(url: freshchat.baseURL, token: "t")))
        expectProblem(try keyless.post(webhook(), FreshchatOffice.path), 503, "provider_not_configured")
    }

    /// Nobody's number can be asked for: people hear of it, and the message is on the record.
    @Test func tellsPeopleThatItCannotAskWithoutAToken() throws {
        var configuration = try freshchat.configuration()
        configuration.token = nil
        let office = try ProviderOffice(MessagingConfiguration(freshchat: configuration, alertsURL: slack.webhookURL))
        try office.account()
        try office.take(webhook(), FreshchatOffice.path)
        #expect(try office.holds().isEmpty)
        #expect(try office.notes("stop_refused").count == 1)
        try office.waitForAlert(slack, containing: "freshchat.token is not configured")
        #expect(freshchat.received == 0)
    }

    @Test func tellsPeopleOfABodyThatCannotBeRead() throws {
        let reply = try office.post(Webhooks.signedFreshchat(body: Array(#"{"action":"message_create","data":"#.utf8)), FreshchatOffice.path)
        #expect(reply.status == 400)
        try office.waitForAlert(slack, containing: "cannot be read")
    }
}
