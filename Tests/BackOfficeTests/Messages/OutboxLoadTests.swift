import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// Sending never holds up a lock, and one provider's trouble is no other's.
@Suite struct OutboxLoadTests {
    private static let hook = "/hooks/whatsapp"

    private let graph: GraphStandIn
    private let office: ProviderOffice

    init() throws {
        graph = try GraphStandIn()
        office = try ProviderOffice(Self.endless(MessagingConfiguration(whatsapp: graph.configuration)))
        try office.account()
    }

    /// With the patience of a saint: whatever waits for a provider here does not come back.
    private static func endless(_ messaging: MessagingConfiguration) -> MessagingConfiguration {
        var messaging = messaging
        (messaging.patience, messaging.lookUpPatience, messaging.screenPatience) = (.seconds(3600), .seconds(3600), .seconds(3600))
        return messaging
    }

    private static func strangers(_ count: Int) throws -> Webhook {
        try Webhooks.whatsApp(
            (0..<count).map { .text("Stop 9\(1_000_000 + $0)", from: .phone("2782\(1_000_000 + $0)")) }, secret: GraphStandIn.secret)
    }

    @Test func locksAtOnceWhileNothingCanBeSent() throws {
        // A lock that waited for what hangs would wait longer than any test may.
        graph.fail(next: 1000, with: .hang)
        try office.take(Self.strangers(200), Self.hook)
        try graph.waitForReceived(count: 8)
        #expect(try office.outbox().count == 200)
        let (terminal, revision) = try office.terminal()
        let poll = try terminal.startPoll(after: revision)
        try office.api.waitForParked(1)
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), Self.hook)
        #expect(try terminal.lease(poll).locked)
        #expect(try office.holds().count == 1)
        #expect(graph.sent.isEmpty)
    }

    /// The queue is long and stands still; what another provider carries goes, and so does the look-up that a lock waits for.
    @Test func letsOtherProvidersPassAProviderThatHangs() throws {
        let (freshchat, twilio) = (try FreshchatStandIn(), try TwilioStandIn())
        let office = try ProviderOffice(
            MessagingConfiguration(whatsapp: graph.configuration, freshchat: freshchat.configuration(), twilio: twilio.configuration))
        try office.account()
        let user = "11111111-1111-4111-8111-111111111111"
        freshchat.addUser(user, phone: ProviderOffice.vendor)
        graph.fail(next: 1000, with: .hang)
        try office.take(Self.strangers(300), Self.hook)
        try graph.waitForReceived(count: 8)
        let path = "/hooks/sms/twilio"
        try office.take(
            Webhooks.twilio(text: "LOCK 99999999", from: ProviderOffice.stranger, token: "12345", url: TwilioStandIn.publicURL + path), path)
        try twilio.waitFor(count: 1)
        freshchat.fail(next: 1, with: .status(500))
        try office.take(Webhooks.freshchat(text: "Stop 12345678", user: user, conversation: "c-1"), "/hooks/freshchat")
        #expect(try office.metric("freshchat", "look_up_later") == 1)
        try eventually("the lock") { try office.holds().count == 1 }
        try eventually("the resolution") { freshchat.conversation("c-1")?.status == "resolved" }
        #expect(graph.sent.isEmpty)
    }

    /// One provider is asked slowly because of its limits; what waits for it does not hide what others carry.
    @Test func letsOtherProvidersPassAProviderThatIsPaced() throws {
        let (freshchat, graph) = (try FreshchatStandIn(), graph)
        let office = try ProviderOffice(MessagingConfiguration(whatsapp: graph.configuration, freshchat: freshchat.configuration()))
        try office.account()
        // More than its limit lets through in the time of this test, all of them older than what WhatsApp carries.
        for number in 0..<105 { try office.take(Self.hint(number), "/hooks/freshchat") }
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), Self.hook)
        try graph.waitFor(count: 1, within: .seconds(5))
        #expect(freshchat.accepted < 90)
    }

    // MARK: What workers wait for

    /// A Stop by WhatsApp, beside those who wait.
    private func locks(_ office: ProviderOffice) throws -> Bool {
        try office.account("87654321")
        try office.take(Webhooks.whatsApp(text: "Stop 87654321", from: "27711234567", secret: GraphStandIn.secret), Self.hook)
        return try office.holds(on: "87654321").count == 1
    }

    /// More webhooks than the server has workers, each of which asks Freshchat, which hangs.
    @Test func locksWhileEveryLookUpHangs() throws {
        let freshchat = try FreshchatStandIn()
        let office = try ProviderOffice(Self.endless(MessagingConfiguration(whatsapp: graph.configuration, freshchat: freshchat.configuration())))
        try office.account()
        freshchat.fail(next: 1000, with: .hang)
        let webhook = try Webhooks.freshchat(text: "Stop 12345678", user: "u-1", conversation: "c-1")
        let sent = try (0..<100).map { _ in try webhook.send(to: office.api.port, "/hooks/freshchat") }
        try freshchat.waitForReceived(count: 16)
        #expect(try locks(office))
        freshchat.stop()
        for connection in sent { #expect(try connection.reply().status == 200) }
    }

    /// More sessions than the server has workers, each of which waits for a terminal that is silent.
    @Test func locksWhileEveryScreenWaitsForATerminal() throws {
        let provider = try AfricasTalkingStandIn()
        let office = try ProviderOffice(Self.endless(MessagingConfiguration(whatsapp: graph.configuration, africasTalking: provider.configuration)))
        try office.account()
        let (terminal, revision) = try office.terminal()
        let sent = try (0..<100).map {
            try Webhooks.ussd(session: "ATUid_\($0)", from: ProviderOffice.vendor, text: "12345678")
                .send(to: office.api.port, "/hooks/ussd/africastalking/" + ProviderOffice.pathSecret)
        }
        try eventually("the lock") { try office.holds().count == 1 }
        #expect(try locks(office))
        try terminal.confirm(after: revision)
        for connection in sent { #expect(try connection.reply().text.hasPrefix("END Wallet 12345678 ")) }
        #expect(try office.holds().count == 1)
    }

    /// A message that is answered without any look-up.
    private static func hint(_ number: Int) throws -> Webhook {
        try Webhooks.freshchat(parts: ["please stop"], user: "u-\(number)", conversation: "c-\(number)")
    }
}
