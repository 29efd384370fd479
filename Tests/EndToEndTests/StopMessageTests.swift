import Glibc
import TestSupport
import Testing

/// The vendor's own lever on real processes: a signed WhatsApp message, the server, the agent, the answer.
@Suite struct StopMessageTests {
    private static let secret = "0123456789abcdef0123456789abcdef"

    private static func configuration(_ graph: GraphStandIn) -> String {
        """
        { "whatsapp": { "app_secret": "\(secret)", "verify_token": "v", "access_token": "graph-token",
            "phone_number_id": "200000000000002", "graph_url": "\(graph.url)" } }
        """
    }

    private static func send(_ messages: [WhatsAppMessage], to server: ServerProcess) throws -> Int {
        Int(try Webhooks.whatsApp(messages, secret: secret).post(to: server.port, "/hooks/whatsapp").status)
    }

    @Test func oneMessageLocksEveryTerminalAndTheAnswerSaysSo() throws {
        let graph = try GraphStandIn()
        let server = try ServerProcess(configuration: Self.configuration(graph))
        try server.api.addAccount("STOP-1", channels: ["KazTimpaPro", "KazangMobi2"], number: "+27711234567")
        let timpa = try AgentProcess.running(server.api, account: "STOP-1")
        let mobi = try AgentProcess.running(server.api, on: "KazangMobi2", claims: "STOP-1")
        for agent in [timpa, mobi] { try agent.waitUntilItPermits() }
        // One of the two has lost its network, as far as the server can tell.
        try mobi.kill()

        #expect(try Self.send([.text("Stop STOP-1", from: "27711234567")], to: server) == 200)
        // Durable before the 200, and the switch is shut with it.
        let holds = try server.api.holds(on: "STOP-1")
        #expect(holds.count == 1)
        #expect(try server.api.authorizes(timpa, "airtime_vend", on: "STOP-1")["reason"].string == "account_locked")
        try timpa.waitUntilItRefuses("account_locked")
        #expect(timpa.permits("balance_enquiry"))

        try graph.waitFor(count: 1)
        let first = try #require(graph.sent.first?.body)
        #expect(first.contains(String(timpa.imei.suffix(4))) && first.contains(String(mobi.imei.suffix(4))), "\(first)")
        // When the last one is back and confirms, one more message says so.
        try mobi.start()
        try mobi.waitUntilItRefuses("account_locked")
        try graph.waitFor(count: 2)
        #expect(graph.sent.map(\.to) == ["27711234567", "27711234567"])
        let second = try #require(graph.sent.last?.body)
        #expect(second.contains("STOP-1") && second != first, "\(second)")
        #expect(try server.api.isEnforced(holds[0], on: "STOP-1", by: mobi))

        // Nothing that comes by message unlocks; staff do.
        for word in ["Start STOP-1", "Unlock STOP-1", "Stop STOP-1 off", "release STOP-1"] {
            #expect(try Self.send([.text(word, from: "27711234567")], to: server) == 200)
        }
        #expect(try server.api.holds(on: "STOP-1") == holds)
        try server.api.releaseAll(on: "STOP-1")
        for agent in [timpa, mobi] { try agent.waitUntilItPermits() }
        #expect(graph.violations.isEmpty, "\(graph.violations)")
        #expect(graph.repeatedTags.isEmpty)
    }

    @Test func aDrillGoesTheWholeWayWhileTradeGoesOn() throws {
        let graph = try GraphStandIn()
        let server = try ServerProcess(configuration: Self.configuration(graph))
        try server.api.addAccount("STOP-2", number: "+27711234568")
        let agent = try AgentProcess.running(server.api, account: "STOP-2")
        try agent.waitUntilItPermits()
        #expect(try Self.send([.text("Stop STOP-2 test", from: "27711234568")], to: server) == 200)
        while graph.accepted == 0 { #expect(agent.permits()) }
        #expect(graph.sent.first?.body?.contains("1 of 1") == true)
        #expect(try server.api.holds(on: "STOP-2").isEmpty)
        let drill = try server.api.must(200, "GET", "/v1/accounts/STOP-2/drills")["drills"][0]
        #expect(drill["terminals"][0]["round_trip_ms"].integer != nil)
        #expect(agent.permits())
    }

    /// The provider sends a batch until it hears 200. Whenever the server dies: each account is locked, once, with one note.
    @Test(arguments: Seeds.given(otherwise: 20_261_122)) func losesNoneOfABatchWhenItIsKilled(_ seed: UInt64) throws {
        print("seed of the batches: \(seed)")
        var random = SeededGenerator(seed: seed)
        let graph = try GraphStandIn(pairLimit: nil)
        var server = try ServerProcess(configuration: Self.configuration(graph))
        var answered = 0
        for round in 1...6 {
            let references = (0..<60).map { "BATCH-\(round)-\($0)" }
            for (place, reference) in references.enumerated() {
                try server.api.addAccount(reference, number: "+2771\(1_000_000 + round * 100 + place)")
            }
            let batch = references.enumerated().map { place, reference in
                WhatsAppMessage.text("Stop \(reference)", from: .phone("2771\(1_000_000 + round * 100 + place)"), id: "wamid.\(reference)")
            }
            let port = server.port
            let post = InBackground { () -> Int? in
                // An answer that never came says nothing.
                (try? Webhooks.whatsApp(batch, secret: Self.secret).post(to: port, "/hooks/whatsapp")).map { Int($0.status) }
            }
            usleep(useconds_t.random(in: 0...60_000, using: &random))
            try server.kill()
            let status = try post.value()
            server = try server.successor(configuration: Self.configuration(graph))
            let before = try references.map { try server.api.holds(on: $0).count }
            // All of a batch or nothing of it, and all when it was answered.
            #expect(Set(before).count == 1, "round \(round): \(before)")
            if status == 200 {
                answered += 1
                #expect(before.first == 1, "round \(round)")
            }
            #expect(try Self.send(batch, to: server) == 200)
            for reference in references {
                #expect(try server.api.holds(on: reference).count == 1, "round \(round), \(reference)")
                #expect(try server.api.notes(on: reference).filter { $0.contains("Locked (vendor)") }.count == 1, "round \(round), \(reference)")
            }
        }
        print("answered before the kill in \(answered) of 6 rounds")
    }

    @Test func anAnswerThatWasUnderWayWhenTheServerDiedIsNotSentTwice() throws {
        let graph = try GraphStandIn()
        graph.fail(next: 1, with: .acceptThenHang)
        var server = try ServerProcess(configuration: Self.configuration(graph))
        try server.api.addAccount("STOP-3", number: "+27711234569")
        try server.api.addAccount("STOP-4", number: "+27711234570")
        #expect(try Self.send([.text("Stop STOP-3", from: "27711234569")], to: server) == 200)
        try graph.waitFor(count: 1)
        try server.kill()
        server = try server.successor(configuration: Self.configuration(graph))
        #expect(try Self.send([.text("Stop STOP-4", from: "27711234570")], to: server) == 200)
        try eventually("the answer to the second") { graph.sent(to: "27711234570").count == 1 }
        #expect(graph.sent(to: "27711234569").count == 1)
        #expect(graph.repeatedTags.isEmpty)
        // Nobody knows whether it arrived: that is on the record.
        try eventually("a note that says so") { try server.api.notes(on: "STOP-3").contains { $0.contains("Not delivered") } }
    }
}
