import TestSupport
import Testing
import Wire

/// Drills: the whole way to each terminal and back, without stopping trade.
@Suite struct MessageDrillTests {
    private let office: WhatsAppOffice
    private var api: API { office.api }

    init() throws {
        office = try WhatsAppOffice()
        try office.account(channels: ["KazTimpaPro", "KazangMobi2"])
    }

    private func maySell(_ terminal: TestTerminal) throws -> Bool {
        try api.must(
            200, "POST", "/v1/authorizations",
            "{\"imei\":\"\(terminal.imei)\",\"account\":\"12345678\",\"channel\":\"\(terminal.channel)\",\"operation\":\"electricity_vend\"}")[
                "permitted"]
            == true
    }

    private func drills() throws -> [JSONValue] { try api.must(200, "GET", "/v1/accounts/12345678/drills")["drills"].array }

    @Test func answersWithTheTimeItTookAndLocksNothing() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        let before = try terminal.poll(after: nil)
        let poll = try terminal.startPoll(after: before.rev)
        try api.waitForParked(1)
        try office.say("Stop 12345678 test")
        let lease = try terminal.lease(poll)
        #expect(!lease.locked && lease.rev > before.rev && lease.reasons == nil && lease.msg == nil)
        #expect(try maySell(terminal))
        office.clock.advance(by: .milliseconds(250))
        let parked = try terminal.startPoll(after: lease.rev)
        try office.graph.waitFor(count: 1)
        #expect(
            office.texts() == [
                "Test of wallet 12345678: 1 of 1 terminals answered in 0.25 seconds. This was only a test; nothing was locked."
            ])
        #expect(try maySell(terminal) && office.holds().isEmpty && office.outcomes() == ["drill"])
        #expect(try office.notes("hold_placed").isEmpty && office.notes("drill").count == 1)
        #expect(try office.notes("drill_finished").first?["text"].string?.contains("1 of 1") == true)
        #expect(try api.metric(#"vendlock_locks_total{source="whatsapp"}"#) == nil)
        // Answered at once and once, whatever time brings.
        try office.pass(.seconds(60))
        try office.tick()
        #expect(office.graph.sent.count == 1 && office.graph.violations.isEmpty)
        #expect(!parked.connection.hasNews())
    }

    @Test(arguments: [
        "stop 12345678 TEST", "Stop 12345678 drill", "12345678 stop test", "Stop 12345678, test!", "misa 12345678 hlola", "lock 12345678 test",
    ])
    func takesEveryFormOfADrill(_ text: String) throws {
        let office = try WhatsAppOffice.shared
        let vendor = try office.newVendor()
        try office.say(text.replacing("12345678", with: vendor.reference), from: .phone(vendor.phone))
        #expect(try office.holds(on: vendor.reference).isEmpty)
        #expect(try office.outcomes(vendor.reference) == ["drill"])
        try office.settle(vendor.phone)
        #expect(
            office.texts(to: vendor.phone) == [
                "Test of wallet \(vendor.reference): no terminal is registered to it. This was only a test; nothing was locked."
            ])
    }

    @Test func answersAfterTenSecondsForATerminalThatIsAway() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try office.say("Stop 12345678 test")
        office.clock.advance(by: .milliseconds(9_999))
        try office.tick()
        #expect(office.graph.received == 0)
        office.clock.advance(by: .milliseconds(1))
        try office.tick()
        let answer = "Test of wallet 12345678: 0 of 1 terminals answered in 10.0 seconds. This was only a test; nothing was locked."
        #expect(office.texts() == [answer])
        #expect(try office.notes("drill_finished").first?["text"].string?.contains("0 of 1") == true)
        // One that comes back later finds nothing to confirm.
        let lease = try terminal.poll(after: 0)
        #expect(!lease.locked)
        _ = try terminal.poll(after: lease.rev)
        try office.tick()
        #expect(office.texts() == [answer])
        #expect(try !drills()[0]["terminals"][0].has("confirmed_at"))
    }

    @Test func tellsHowManyOfTwoAnswered() throws {
        let first = try TestTerminal.connected(api, account: "12345678")
        _ = try TestTerminal.connected(api, claims: "12345678", on: "KazangMobi2")
        try office.say("Stop 12345678 test")
        office.clock.advance(by: .milliseconds(1_500))
        _ = try first.poll(after: first.poll(after: 0).rev)
        try eventually("the first terminal's confirmation") { try drills()[0]["terminals"].array.contains { $0.has("confirmed_at") } }
        office.clock.advance(by: .seconds(10))
        try office.tick()
        #expect(office.texts().first?.hasPrefix("Test of wallet 12345678: 1 of 2 terminals answered in 1.50 seconds.") == true, "\(office.texts())")
    }

    @Test func takesTheProvidersRetryForNoSecondDrill() throws {
        _ = try TestTerminal.connected(api, account: "12345678")
        let webhook = try Webhooks.whatsApp(text: "Stop 12345678 test", from: WhatsAppOffice.vendor, secret: WhatsAppOffice.secret)
        for _ in 0..<3 { try office.post(webhook) }
        #expect(try drills().count == 1)
    }

    @Test func refusesAStrangersDrillAsAnyOtherMessage() throws {
        try office.say("Stop 12345678 test", from: WhatsAppOffice.stranger)
        try office.settle()
        #expect(try drills().isEmpty && office.notes("stop_refused").count == 1)
        #expect(office.texts(to: "27829999999") == [WhatsAppOffice.refusal])
    }

    @Test func opensNothingOnAnAccountThatIsLocked() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try api.lock("12345678")
        _ = try terminal.poll(after: terminal.poll(after: 0).rev)
        try office.say("Stop 12345678 test")
        let lease = try terminal.poll(after: 0)
        #expect(lease.locked && lease.reasons == ["account_locked"])
        _ = try terminal.poll(after: lease.rev)
        try office.graph.waitFor(count: 1)
        #expect(office.texts().first?.hasPrefix("Wallet 12345678 was locked already") == true, "not: nothing was locked")
        #expect(try office.holds().count == 1 && !maySell(terminal))
    }

    /// A lock that comes while a drill is under way is a lock like any other.
    @Test func givesWayToALock() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try office.say("Stop 12345678 test")
        try office.say("Stop 12345678")
        let lease = try terminal.poll(after: 0)
        #expect(lease.locked)
        _ = try terminal.poll(after: lease.rev)
        try eventually("the lock to be enforced") { try office.enforced(1) }
        try office.graph.waitFor(count: 2)
        try office.settle()
        #expect(
            office.texts().allSatisfy { $0.hasPrefix("Wallet 12345678 ") } && office.texts().count == 2,
            "of a locked wallet none says that nothing was locked")
    }

    // MARK: Staff's

    @Test func runsForStaffOverTheAPI() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        let before = try terminal.poll(after: nil)
        let staff = try api.issueToken(role: "call_centre", name: "desk")
        let drill = try staff.must(201, "POST", "/v1/accounts/12345678/drills")
        let id = try #require(drill["id"].string)
        #expect(drill["requested_by"].string?.contains("desk") == true && drill["source"] == "api" && !drill.has("finished_at"))
        #expect(drill["terminals"].array.map { $0["imei"].string } == [terminal.imei])
        let lease = try terminal.poll(after: before.rev)
        #expect(!lease.locked && lease.rev > before.rev)
        office.clock.advance(by: .milliseconds(70))
        _ = try terminal.poll(after: lease.rev)
        try eventually("the drill's end") { try api.must(200, "GET", "/v1/accounts/12345678/drills/\(id)").has("finished_at") }
        let shown = try api.must(200, "GET", "/v1/accounts/12345678/drills/\(id)")
        #expect(shown["terminals"][0]["round_trip_ms"].integer == 70)
        #expect(try drills() == [shown])
        // The vendor did not ask, so the vendor hears nothing.
        try office.settle()
        #expect(try office.graph.received == 0 && office.holds().isEmpty)
    }

    @Test func isForThoseWhoMayLock() throws {
        let auditor = try api.issueToken(role: "auditor", name: "auditor")
        expectProblem(try auditor.post("/v1/accounts/12345678/drills"), 403, "role_may_not")
        expectProblem(try api.with(token: nil).post("/v1/accounts/12345678/drills"), 401, "unauthorized")
        expectProblem(try api.post("/v1/accounts/99999999/drills"), 404, "account_not_found")
        expectProblem(try api.get("/v1/accounts/12345678/drills/drill_none"), 404, "drill_not_found")
        try office.account("87654321")
        let id = try #require(api.must(201, "POST", "/v1/accounts/87654321/drills")["id"].string)
        expectProblem(try api.get("/v1/accounts/12345678/drills/\(id)"), 404, "drill_not_found")
        #expect(try api.must(200, "GET", "/v1/accounts/87654321/drills/\(id)").has("finished_at"), "nobody to wait for")
    }
}
