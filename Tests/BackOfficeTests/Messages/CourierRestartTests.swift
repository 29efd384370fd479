import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// The server ends in the middle of sending, and another begins on the same store.
@Suite(.timeLimit(.minutes(5))) struct CourierRestartTests {
    private static let hook = "/hooks/whatsapp"

    private let graph: GraphStandIn
    private let freshchat: FreshchatStandIn
    private let slack: SlackStandIn
    private let messaging: MessagingConfiguration
    private let office: ProviderOffice

    init() throws {
        graph = try GraphStandIn()
        freshchat = try FreshchatStandIn()
        slack = try SlackStandIn()
        var messaging = MessagingConfiguration(
            whatsapp: graph.configuration, freshchat: try freshchat.configuration(), alertsURL: slack.webhookURL)
        // The end of a server waits for no provider: one that did would wait longer than any test may.
        messaging.patience = .seconds(3600)
        self.messaging = messaging
        office = try ProviderOffice(messaging)
        try office.account()
    }

    private func stop(from sender: TestSupport.WhatsAppSender, _ reference: String = "12345678") throws {
        try office.take(Webhooks.whatsApp(text: "Stop \(reference)", from: sender, secret: GraphStandIn.secret), Self.hook)
    }

    @Test(arguments: [false, true])
    func tellsWhatNobodyKnowsAndSendsWhatWaited(_ hasArrived: Bool) throws {
        graph.fail(next: 1, with: hasArrived ? .acceptThenHang : .hang)
        try stop(from: "27711234567")
        try graph.waitForReceived(count: 1)
        // Behind it in its lane, and beside it.
        try office.take(Webhooks.whatsApp(text: "Stop", from: "27711234567", secret: GraphStandIn.secret), Self.hook)
        let next = try ProviderOffice(messaging, after: office)
        try next.pass()
        #expect(try next.holds().count == 1)
        let rows = try next.outbox()
        #expect(rows.map { $0["state"].string } == ["sent", "failed"])
        #expect(
            rows[1]["failure"].string
                == "unknown: the server was stopped before the answer, or its store restored from a backup: nobody knows whether it arrived")
        #expect(try next.notes("message_undelivered").count == 1)
        try next.waitForAlert(slack, containing: "nobody knows whether it arrived")
        #expect(graph.sent.compactMap(\.body).filter { $0.hasPrefix("Wallet") }.count == (hasArrived ? 1 : 0))
        #expect(graph.sent.compactMap(\.body).filter { $0.hasPrefix("To lock") }.count == 1)
        #expect(graph.repeatedTags.isEmpty)
        guard hasArrived, let sent = graph.sent.first else { return }
        try next.take(graph.statusBody(for: sent, status: "delivered", secret: GraphStandIn.secret), Self.hook)
        #expect(try next.outbox().last?["state"] == "delivered")
    }

    @Test func goesOnWithTheRepeatableStepsOfFreshchat() throws {
        let (conversation, user) = ("55555555-5555-4555-8555-555555555555", "11111111-1111-4111-8111-111111111111")
        freshchat.addUser(user, phone: ProviderOffice.vendor)
        // Look-up and reply go, the list of groups hangs.
        freshchat.fail(next: 2, with: .slow(.zero))
        freshchat.fail(next: 1, with: .hang)
        try office.take(Webhooks.freshchat(text: "Stop 12345678", user: user, conversation: conversation), "/hooks/freshchat")
        try freshchat.waitForReceived(count: 3)
        let next = try ProviderOffice(messaging, after: office)
        try next.pass()
        let steps = freshchat.steps(of: conversation)
        #expect(steps.count == 3 && freshchat.conversation(conversation)?.status == "resolved", "\(steps)")
        #expect(freshchat.conversation(conversation)?.replies.count == 1)
        #expect(try next.notes("message_undelivered").isEmpty)
    }

    @Test func goesOnAskingWhoWrote() throws {
        let (conversation, user) = ("55555555-5555-4555-8555-555555555555", "11111111-1111-4111-8111-111111111111")
        freshchat.addUser(user, phone: ProviderOffice.vendor)
        freshchat.fail(next: 1, with: .status(500))
        freshchat.fail(next: 1, with: .hang)
        try office.take(Webhooks.freshchat(text: "Stop 12345678", user: user, conversation: conversation), "/hooks/freshchat")
        try freshchat.waitForReceived(count: 2)
        #expect(try office.holds().isEmpty)
        let next = try ProviderOffice(messaging, after: office)
        try next.pass()
        #expect(try next.holds().count == 1)
    }

    @Test func sendsNothingTwiceAfterAnOrderlyEnd() throws {
        try stop(from: "27711234567")
        try office.pass()
        let next = try ProviderOffice(messaging, after: office)
        try next.pass(.seconds(60))
        #expect(graph.received == 1)
        // The provider repeats what it told the server before.
        #expect(try next.outcomes() == ["locked"])
    }

    /// A provider was taken out of the configuration: what waited for it is not forgotten in silence.
    @Test func tellsPeopleOfWhatCanNotBeSentAnyMore() throws {
        graph.fail(next: 1, with: .status(500))
        try stop(from: "27711234567")
        try office.pass()
        let next = try ProviderOffice(MessagingConfiguration(alertsURL: slack.webhookURL), after: office)
        try next.pass(.seconds(60))
        #expect(try next.outbox().map { $0["state"].string } == ["failed"])
        #expect(try next.notes("message_undelivered").map { $0["text"].string?.contains("not configured for sending") } == [true])
        try next.waitForAlert(slack, containing: "not configured for sending")
    }
}
