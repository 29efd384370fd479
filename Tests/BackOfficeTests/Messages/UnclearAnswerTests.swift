import BackOffice
import Messaging
import Store
import TestSupport
import Testing
import Wire

/// A provider, or something in front of it, answers 200 without saying what it took.
@Suite struct UnclearAnswerTests {
    private static let page = Fault.status(200, body: "<html>welcome</html>")

    private let slack: SlackStandIn

    init() throws { slack = try SlackStandIn() }

    /// One note, an alert, a row that says so, and nothing goes a second time.
    private func expectNobodyKnows(_ office: ProviderOffice, _ standIn: some StandIn, _ slack: SlackStandIn) throws {
        try office.pass()
        #expect(try office.holds().count == 1)
        let row = try #require(try office.outbox("failed").first)
        #expect(row["failure"].string?.contains("nobody knows whether it was taken: <html>welcome</html>") == true)
        #expect(try office.notes("message_undelivered").count == 1)
        try office.waitForAlert(slack, containing: "nobody knows whether it was taken")
        let received = standIn.received
        try office.pass(.seconds(3600))
        #expect(standIn.received == received)
    }

    /// A report of WhatsApp's mends the row, as after an answer that never came.
    @Test(arguments: ["sent", "delivered"])
    func ofWhatsAppLeavesOpenWhetherItArrived(_ status: String) throws {
        let graph = try GraphStandIn()
        let office = try ProviderOffice(MessagingConfiguration(whatsapp: graph.configuration, alertsURL: slack.webhookURL))
        try office.account()
        graph.fail(next: 1, with: Self.page)
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), "/hooks/whatsapp")
        try expectNobodyKnows(office, graph, slack)
        let row = try #require(
            try office.server.store.read { try $0.outbox(in: .failed, changedBefore: office.clock.now.adding(.seconds(1)), limit: 9) }.first)
        let report = WhatsAppStatus(
            of: "wamid.late", status, to: "27711234567", tag: "vendlock-\(row.number)-\(row.createdAt.unixMilliseconds)")
        try office.take(Webhooks.whatsApp(statuses: [report], secret: GraphStandIn.secret), "/hooks/whatsapp")
        #expect(try office.outbox().map { $0["state"].string } == [status])
    }

    @Test func ofTwilioLeavesOpenWhetherItArrived() throws {
        let twilio = try TwilioStandIn()
        let office = try ProviderOffice(MessagingConfiguration(twilio: twilio.configuration, alertsURL: slack.webhookURL))
        try office.account()
        twilio.fail(next: 1, with: Self.page)
        try office.take(
            Webhooks.twilio(
                text: "LOCK 12345678", from: ProviderOffice.vendor, token: "12345", url: TwilioStandIn.publicURL + "/hooks/sms/twilio"),
            "/hooks/sms/twilio")
        try expectNobodyKnows(office, twilio, slack)
    }

    /// The conversation goes to its group and is resolved all the same.
    @Test func ofFreshchatLeavesOpenWhetherTheReplyArrived() throws {
        let here = try FreshchatOffice(FreshchatStandIn())
        let (freshchat, office) = (here.freshchat, here.office)
        // The terminal is silent, so that the reply waits a second, and can be spoilt.
        _ = try office.terminal()
        try here.say()
        freshchat.fail(next: 1, with: Self.page)
        try office.pass(.seconds(1))
        #expect(freshchat.conversation(FreshchatOffice.conversation)?.status == "resolved")
        try expectNobodyKnows(office, freshchat, here.slack)
        #expect(freshchat.conversation(FreshchatOffice.conversation)?.replies.isEmpty == true)
    }
}
