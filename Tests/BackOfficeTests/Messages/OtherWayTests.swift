import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// What cannot go the way it should: by SMS instead, or as a template.
@Suite struct OtherWayTests {
    private static let hook = "/hooks/whatsapp"
    private static let day = Duration.seconds(24 * 3600)

    private let graph: GraphStandIn
    private let twilio: TwilioStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws { try self.init(sms: true) }

    private init(sms: Bool) throws {
        graph = try GraphStandIn(templates: ["vendlock_locked": 4, "vendlock_already_locked": 4, "vendlock_all_stopped": 2, "vendlock_refused": 0])
        twilio = try TwilioStandIn()
        slack = try SlackStandIn()
        office = try ProviderOffice(
            MessagingConfiguration(whatsapp: graph.configuration, twilio: sms ? twilio.configuration : nil, alertsURL: slack.webhookURL))
        try office.account()
    }

    private func say(_ text: String = "Stop 12345678", from sender: TestSupport.WhatsAppSender = "27711234567") throws {
        try office.take(Webhooks.whatsApp(text: text, from: sender, secret: GraphStandIn.secret), Self.hook)
    }

    // MARK: By SMS

    @Test func goesBySMSWhenTheRecipientIsNotOnWhatsApp() throws {
        graph.refuse("27711234567", with: 131026)
        try say()
        try office.pass()
        #expect(twilio.sent.map(\.to) == [ProviderOffice.vendor])
        #expect(twilio.sent[0].body.hasPrefix("Wallet 12345678 locked since ") && twilio.sent[0].segments == 1)
        #expect(twilio.sent[0].from == "+27110000000")
        let rows = try office.outbox()
        #expect(rows.map { $0["state"].string } == ["sent", "failed"])
        #expect(rows[1]["failure"].string?.contains("sent by SMS instead") == true)
        #expect(try office.notes("message_undelivered").isEmpty)
        #expect(try office.metric("whatsapp", "by_sms") == 1)
        #expect(twilio.violations.isEmpty)
    }

    @Test func isToldToPeopleWhenThereIsNoSMS() throws {
        let test = try OtherWayTests(sms: false)
        test.graph.refuse("27711234567", with: 131026)
        try test.say()
        try test.office.pass()
        #expect(try test.office.outbox().map { $0["state"].string } == ["failed"])
        #expect(try test.office.notes("message_undelivered").map { $0["text"].string?.contains("131026") } == [true])
        try test.office.waitForAlert(test.slack, containing: "Not delivered by WhatsApp")
    }

    /// A user id is no number to send an SMS to.
    @Test func isToldToPeopleWhenTheRecipientHasNoNumber() throws {
        let userID = "ZA.90000000000000000001"
        graph.refuse(userID, with: 131026)
        try say("Stop 99999999", from: .userID(userID))
        try office.pass()
        #expect(twilio.received == 0)
        #expect(try office.officeNotes("message_undelivered").count == 1)
    }

    // MARK: As a template

    /// The terminal stops days later: only a template may say so.
    @Test func goesAsATemplateOutsideTheDay() throws {
        let (terminal, revision) = try office.terminal()
        try say()
        try office.pass(.seconds(1))
        #expect(graph.sent.map { $0.template } == [nil])
        office.clock.advance(by: Self.day)
        try terminal.connect(now: office.clock.now.unixSeconds)
        try terminal.confirm(after: revision)
        try graph.waitFor(count: 2)
        #expect(graph.sent[1].template == "vendlock_all_stopped" && graph.sent[1].to == "27711234567")
        #expect(graph.sent[1].parameters.count == 2 && graph.sent[1].parameters[0] == "12345678")
        #expect(graph.sent[1].parameters[1].wholeMatch(of: #/(\d{4}-\d\d-\d\d )?\d\d:\d\d/#) != nil)
        #expect(graph.violations.isEmpty)
    }

    @Test func goesAsATextWithinTheDayOfTheLastMessage() throws {
        let (terminal, revision) = try office.terminal()
        try say()
        try office.pass(.seconds(1))
        try office.pass(Self.day - .seconds(120))
        try terminal.connect(now: office.clock.now.unixSeconds)
        try terminal.confirm(after: revision)
        try graph.waitFor(count: 2)
        #expect(graph.sent[1].body?.hasPrefix("Every terminal of wallet 12345678 has stopped now") == true)
    }

    @Test func anyMessageOfTheVendorOpensTheDayAnew() throws {
        let (terminal, revision) = try office.terminal()
        try say()
        try office.pass(.seconds(1))
        try office.pass(Self.day)
        try say("thank you")
        try terminal.connect(now: office.clock.now.unixSeconds)
        try terminal.confirm(after: revision)
        try graph.waitFor(count: 2)
        #expect(graph.sent[1].template == nil)
    }

    /// WhatsApp counts from another moment than we do, as when its webhook came hours late.
    @Test func goesAsATemplateWhenWhatsAppSaysSo() throws {
        graph.closeWindow(of: "27711234567")
        try say()
        try office.pass()
        #expect(graph.sent.map(\.template) == ["vendlock_locked"])
        #expect(graph.sent[0].parameters.count == 4 && graph.sent[0].parameters[0] == "12345678" && graph.sent[0].parameters[2...] == ["0", "0"])
        #expect(graph.repeatedTags.isEmpty && graph.violations.isEmpty)
        let row = try #require(office.outbox().first)
        #expect(row["state"] == "sent" && row["attempts"] == 2)
    }

    @Test func isToldToPeopleWhenNotEvenATemplateGoes() throws {
        graph.refuse("27711234567", with: 131047)
        try say()
        try office.pass()
        #expect(graph.received == 2)
        #expect(try office.notes("message_undelivered").map { $0["text"].string?.contains("not even as a template") } == [true])
        try office.waitForAlert(slack, containing: "not even as a template")
    }

    @Test func sendsATemplateWithoutParametersToo() throws {
        graph.closeWindow(of: "27829999999")
        try say("Stop 99999999", from: "27829999999")
        try office.pass()
        #expect(graph.sent.map(\.template) == ["vendlock_refused"])
        #expect(graph.violations.isEmpty)
    }
}
