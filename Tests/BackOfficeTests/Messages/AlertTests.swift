import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// How often the people who run the server are told, and what happens to an alert that cannot be delivered.
@Suite struct AlertTests {
    private static let hook = "/hooks/whatsapp"

    private let graph: GraphStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws {
        graph = try GraphStandIn()
        slack = try SlackStandIn()
        office = try ProviderOffice(MessagingConfiguration(whatsapp: graph.configuration, alertsURL: slack.webhookURL))
        try office.account()
    }

    private func say(_ text: String, secret: String = GraphStandIn.secret) throws -> Reply {
        try office.post(Webhooks.whatsApp(text: text, from: "27711234567", secret: secret), Self.hook)
    }

    @Test func comeOnceInFiveMinutesAndCountTheOthers() throws {
        for _ in 0..<4 { #expect(try say("Stop 12345678", secret: "another").status == 403) }
        let first = try office.waitForAlert(slack, containing: "is not signed by it")
        #expect(first.hasPrefix("vendlock: ") && first.contains("WhatsApp") && !first.contains("more since"))
        office.clock.advance(by: .seconds(300))
        #expect(try say("Stop 12345678", secret: "another").status == 403)
        try office.waitForAlert(slack, containing: "(3 more since the last alert of this kind)")
        #expect(slack.texts.count == 2)
        #expect(try office.alerts("bad_signature") == 5)
        #expect(slack.violations.isEmpty)
    }

    /// An alert that cannot be delivered makes no other.
    @Test func thatAreRefusedMakeNoOthers() throws {
        slack.fail(next: 1, with: .status(404, body: "no_service"))
        #expect(try say("Stop 12345678", secret: "another").status == 403)
        try slack.waitForReceived(count: 1)
        try eventually("the end of it") { try office.metric("alerts", "undelivered") == 1 }
        #expect(try office.alerts("undelivered") == 0 && office.alerts("provider_error") == 0)
        #expect(try office.officeNotes("message_undelivered").isEmpty)
        // The next kind goes as if nothing had been.
        graph.refuse("27711234567", with: 100)
        #expect(try say("Stop 12345678").status == 200)
        try office.waitForAlert(slack, containing: "Not delivered by WhatsApp")
    }
}
