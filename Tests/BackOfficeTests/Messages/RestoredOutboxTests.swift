import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// A backup holds what waited at its time. Most of that has gone long ago when the backup is restored.
@Suite struct RestoredOutboxTests {
    @Test func sendsNothingToPeopleTwiceAndRepeatsWhatMayBe() throws {
        let (graph, freshchat, slack) = (try GraphStandIn(), try FreshchatStandIn(), try SlackStandIn())
        let messaging = MessagingConfiguration(
            whatsapp: graph.configuration, freshchat: try freshchat.configuration(), alertsURL: slack.webhookURL)
        let office = try ProviderOffice(messaging)
        for reference in ["12345678", "87654321"] {
            try office.account(reference)
            // Silent, so that the answer waits a second.
            _ = try office.terminal(of: reference)
        }
        freshchat.addUser(FreshchatOffice.user, phone: ProviderOffice.vendor)
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), "/hooks/whatsapp")
        try office.take(
            Webhooks.freshchat(text: "Stop 87654321", user: FreshchatOffice.user, conversation: FreshchatOffice.conversation), "/hooks/freshchat")
        try office.server.backUp(to: "early")
        #expect(try office.outbox("waiting").count == 4)
        try office.pass(.seconds(1))
        let sent = try #require(graph.sent.first)
        #expect(graph.sent.count == 1 && freshchat.conversation(FreshchatOffice.conversation)?.status == "resolved")

        try office.server.restore(from: "early")
        let next = try ProviderOffice(messaging, after: office)
        try next.pass(.seconds(60))
        #expect(graph.sent.count == 1 && graph.repeatedTags.isEmpty)
        #expect(freshchat.conversation(FreshchatOffice.conversation)?.replies.count == 1)
        let closings = freshchat.steps(of: FreshchatOffice.conversation).filter { if case .changed = $0 { true } else { false } }
        #expect(closings.count == 4, "assigned and resolved once more: \(closings)")
        for reference in ["12345678", "87654321"] {
            #expect(try next.notes("message_undelivered", on: reference).map { $0["text"].string?.contains("restored from a backup") } == [true])
        }
        try next.waitForAlert(slack, containing: "nobody knows whether it arrived")
        #expect(try next.outbox("waiting").isEmpty && next.outbox("sending").isEmpty)
        // What is new goes as ever, and WhatsApp's report on what went before the restore mends its row.
        try next.take(graph.statusBody(for: sent, status: "delivered", secret: GraphStandIn.secret), "/hooks/whatsapp")
        #expect(try next.outbox("delivered").count == 1)
        try next.take(Webhooks.whatsApp(text: "Stop", from: "27711234567", secret: GraphStandIn.secret), "/hooks/whatsapp")
        try next.pass()
        #expect(graph.sent.count == 2)
    }
}
