import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// WhatsApp's reports on what was sent: in any order, more than once, and failures that come after it was taken.
@Suite struct DeliveryReportTests {
    private static let hook = "/hooks/whatsapp"

    private let graph: GraphStandIn
    private let twilio: TwilioStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws { try self.init(sms: false) }

    private init(sms: Bool) throws {
        graph = try GraphStandIn()
        twilio = try TwilioStandIn()
        slack = try SlackStandIn()
        office = try ProviderOffice(
            MessagingConfiguration(whatsapp: graph.configuration, twilio: sms ? twilio.configuration : nil, alertsURL: slack.webhookURL))
        try office.account()
    }

    /// A lock that was answered.
    private func answered() throws -> GraphStandIn.Sent {
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), Self.hook)
        try office.pass()
        return try #require(graph.sent.first)
    }

    private func report(_ sent: GraphStandIn.Sent, _ status: String, code: Int64? = nil) throws {
        try office.take(graph.statusBody(for: sent, status: status, code: code, secret: GraphStandIn.secret), Self.hook)
    }

    private func state() throws -> String? { try office.outbox().last?["state"].string }

    @Test(arguments: [
        (["sent", "delivered", "read"], "read"), (["read", "delivered", "sent"], "read"), (["delivered", "sent"], "delivered"),
        (["delivered", "delivered", "read", "read", "sent"], "read"), (["played"], "read"), (["deleted", "something new"], "sent"),
    ])
    func goForwardOnly(_ statuses: [String], _ last: String) throws {
        let sent = try answered()
        for status in statuses { try report(sent, status) }
        #expect(try state() == last)
        #expect(try office.outbox().count == 1)
        #expect(graph.sent.count == 1)
    }

    @Test func comeInOneBatchToo() throws {
        let sent = try answered()
        let batch =
            ["read", "sent", "delivered"].map { WhatsAppStatus(of: sent.wamid, $0, to: sent.to) } + [
                WhatsAppStatus(of: "wamid.nobodys", "failed", to: "27829999999", tag: "somebody-elses", code: 131026),
                WhatsAppStatus(of: "wamid.nobodys", "delivered", to: "27829999999", tag: "vendlock-999999"),
                WhatsAppStatus(of: "wamid.nobodys", "delivered", to: "27829999999", tag: "vendlock-x"),
            ]
        try office.take(Webhooks.whatsApp(statuses: batch, secret: GraphStandIn.secret), Self.hook)
        #expect(try state() == "read")
    }

    @Test func goBySMSWhenTheRecipientCannotBeReached() throws {
        let test = try DeliveryReportTests(sms: true)
        let sent = try test.answered()
        for _ in 0..<3 { try test.report(sent, "failed", code: 131026) }
        try test.office.pass()
        #expect(test.twilio.sent.count == 1, "a repeated report sends nothing more")
        // Reports that were late say nothing that is new, and no late failure is a new one.
        try test.report(sent, "sent")
        try test.report(sent, "failed", code: 131026)
        try test.office.pass()
        #expect(test.twilio.sent.count == 1)
        #expect(try test.state() == "failed")
        #expect(try test.office.notes("message_undelivered").isEmpty)
    }

    @Test func goAsATemplateOutsideTheDay() throws {
        let sent = try answered()
        try report(sent, "sent")
        try report(sent, "failed", code: 131047)
        try office.pass()
        #expect(graph.sent.map(\.template) == [nil, "vendlock_locked"])
        // The first message's reports come once more: the template is not sent again.
        try report(sent, "failed", code: 131047)
        try report(sent, "sent")
        try office.pass()
        #expect(graph.sent.count == 2)
        #expect(try state() == "sent")
        try report(graph.sent[1], "delivered")
        #expect(try state() == "delivered")
    }

    /// WhatsApp asks for a whole day; by then only a template may go, and a second day would be too late.
    @Test func goOnceMoreAfterADayWhenWhatsAppAsksForOne() throws {
        let sent = try answered()
        for _ in 0..<3 { try report(sent, "failed", code: 131049) }
        #expect(try state() == "waiting")
        try office.pass(.seconds(24 * 3600 - 1))
        #expect(graph.sent.count == 1)
        try office.pass(.seconds(1))
        #expect(graph.sent.map(\.template) == [nil, "vendlock_locked"])
        try report(graph.sent[1], "failed", code: 131049)
        #expect(try state() == "failed")
        #expect(try office.notes("message_undelivered").map { $0["text"].string?.contains("131049") } == [true])
        try office.waitForAlert(slack, containing: "131049")
        try office.pass(.seconds(25 * 3600))
        #expect(graph.sent.count == 2)
    }

    @Test func failWithoutAWordWhy() throws {
        let sent = try answered()
        try report(sent, "failed")
        #expect(try state() == "failed")
        #expect(try office.notes("message_undelivered").count == 1)
    }

    @Test func ofAFailureAfterTheDeliveryChangeNothing() throws {
        let sent = try answered()
        try report(sent, "delivered")
        try report(sent, "failed", code: 131026)
        #expect(try state() == "delivered")
        #expect(try office.notes("message_undelivered").isEmpty)
    }

    /// The answer said 500, and the message went all the same: it does not go again.
    @Test func ofADeliveryStopTheNextAttempt() throws {
        graph.fail(next: 1, with: .status(500))
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), Self.hook)
        try office.pass()
        let row = try #require(office.outbox().first)
        #expect(row["state"] == "waiting")
        let made = try #require(Timestamp(row["created_at"].string ?? "")).unixMilliseconds
        func report(tag: String) throws {
            let status = WhatsAppStatus(of: "wamid.went", "delivered", to: "27711234567", tag: tag)
            try office.take(Webhooks.whatsApp(statuses: [status], secret: GraphStandIn.secret), Self.hook)
        }
        // A restored store gives its numbers once more: the number alone proves nothing.
        for tag in ["vendlock-\(row["number"].integer ?? 0)", "vendlock-\(row["number"].integer ?? 0)-\(made - 1)", "vendlock-", "vendlock--"] {
            try report(tag: tag)
            #expect(try state() == "waiting", "\(tag)")
        }
        try report(tag: "vendlock-\(row["number"].integer ?? 0)-\(made)")
        #expect(try state() == "delivered")
        try office.pass(.seconds(60))
        #expect(graph.received == 1)
    }

    @Test func areTakenOnlyWithASignature() throws {
        let sent = try answered()
        expectProblem(try office.post(graph.statusBody(for: sent, status: "read", secret: "another"), Self.hook), 403, "signature_wrong")
        #expect(try state() == "sent")
    }

    @Test func ofManyAreTakenAtOnce() throws {
        let sent = try answered()
        let batch = (0..<1000).map { WhatsAppStatus(of: $0 == 500 ? sent.wamid : "wamid.\($0)", "delivered", to: sent.to) }
        try office.take(Webhooks.whatsApp(statuses: batch, secret: GraphStandIn.secret), Self.hook)
        #expect(try state() == "delivered")
    }
}
