import TestSupport
import Testing
import Wire

/// One message from the linked number, and what the vendor hears of it.
@Suite struct StopTests {
    private let office: WhatsAppOffice
    private var api: API { office.api }

    init() throws {
        office = try WhatsAppOffice()
    }

    /// The times of day that a text tells, in its order, as minutes.
    private static func times(in text: String) -> [Int] {
        text.matches(of: #/\b(\d\d):(\d\d)\b/#).compactMap { match in Int(match.1).flatMap { hours in Int(match.2).map { hours * 60 + $0 } } }
    }

    private static func minutes(from first: Int, to second: Int) -> Int { (second - first + 1440) % 1440 }

    private func terminal(_ terminal: TestTerminal) -> String { "T-1 …" + terminal.imei.suffix(4) }

    // MARK: What is on disk

    @Test func locksBeforeTheProviderHears200() throws {
        try office.account()
        try office.say("Stop 12345678")
        // Asked after the answer and without waiting: the hold is there as soon as it is.
        let hold = try #require(office.holds().first)
        #expect(try office.holds().count == 1)
        #expect(hold["kind"] == "vendor" && hold["source"] == "whatsapp" && hold["placed_by"] == "vendor:+27711234567")
        #expect(try api.must(200, "GET", "/v1/accounts/12345678")["locked"] == true)
        #expect(try office.outcomes() == ["locked"])
        #expect(try api.metric(#"vendlock_locks_total{source="whatsapp"}"#) == 1)
        #expect(try api.metric(#"vendlock_messages_total{provider="whatsapp",outcome="locked"}"#) == 1)
    }

    @Test func notesProviderMessageNumberAndTimes() throws {
        try office.account()
        let message = WhatsAppMessage.text("Stop 12345678", from: "27711234567", id: "wamid.VEVTVC0wMDAx", time: 1_784_376_000)
        try office.send([message])
        let notes = try office.notes("hold_placed")
        #expect(notes.count == 1)
        let text = try #require(notes[0]["text"].string)
        let received = try #require(office.holds()[0]["requested_at"].string)
        for part in ["vendor", "WhatsApp", "+27711234567", "wamid.VEVTVC0wMDAx", "2026-07-18T12:00:00", received] {
            #expect(text.contains(part), "\(text)")
        }
        #expect(notes[0]["via"] == "whatsapp" && notes[0]["actor"] == "vendor:+27711234567" && !notes[0].has("count"))
        let row = try api.must(200, "GET", "/v1/accounts/12345678/messages")["received"][0]
        #expect(row["id"] == "wamid.VEVTVC0wMDAx" && row["sender"] == "+27711234567" && row["sent_at"].time?.unixSeconds == 1_784_376_000)
    }

    @Test func showsWhenTheLockWasOnDisk() throws {
        try office.account()
        try office.say("Stop 12345678")
        try eventually("committed_at") { try office.holds()[0].has("committed_at") }
        let hold = try office.holds()[0]
        #expect(try #require(hold["requested_at"].time) <= #require(hold["committed_at"].time))
    }

    /// Only staff open, whatever comes by message.
    @Test(arguments: ["Start 12345678", "Unlock 12345678", "Stop 12345678 undo", "unstop", "START", "Cancel 12345678"])
    func opensNothingByMessage(_ text: String) throws {
        let office = try WhatsAppOffice.shared
        let vendor = try office.newVendor()
        try office.say("Stop \(vendor.reference)", from: .phone(vendor.phone))
        try office.say(text.replacing("12345678", with: vendor.reference), from: .phone(vendor.phone))
        #expect(try office.holds(on: vendor.reference).count == 1)
    }

    @Test func answersTheRawNumberAndQuotesTheMessage() throws {
        try office.account()
        try office.say("Stop 12345678", id: "wamid.VEVTVC0wMDAx")
        try office.settle()
        #expect(office.graph.sent.count == 1)
        let sent = try #require(office.graph.sent.first)
        #expect(sent.to == "27711234567" && sent.context == "wamid.VEVTVC0wMDAx" && sent.phoneNumberID == "200000000000002")
        #expect(office.graph.violations.isEmpty && office.graph.repeatedTags.isEmpty)
    }

    // MARK: What the answer says

    @Test func saysThatNoTerminalIsRegistered() throws {
        try office.account()
        try office.say("Stop 12345678")
        try office.settle()
        let text = try #require(office.texts().first)
        #expect(text.hasPrefix("Wallet 12345678 has been locked since "))
        for part in [
            "The mobile app and the vending switch are shut too.", "No terminal of this wallet reports to us", "Only our staff can unlock it.",
        ] {
            #expect(text.contains(part), "\(text)")
        }
        #expect(!text.contains("Next time"), "the form was right")
    }

    @Test func saysInOneMessageThatAConnectedTerminalHasStopped() throws {
        try office.account()
        let terminal = try TestTerminal.connected(api, account: "12345678")
        let poll = try terminal.startPoll(after: terminal.poll(after: nil).rev)
        try api.waitForParked(1)
        try office.say("Stop 12345678")
        let lease = try terminal.lease(poll)
        #expect(lease.locked && lease.reasons == ["account_locked"])
        // Nothing goes out before it is known whether the terminal obeys, or a second has passed.
        try office.settle()
        #expect(office.graph.received == 0)
        office.clock.advance(by: .milliseconds(40))
        let parked = try terminal.startPoll(after: lease.rev)
        try office.graph.waitFor(count: 1)
        let text = try #require(office.texts().first)
        #expect(text.contains("Terminal \(self.terminal(terminal)) stopped at "), "\(text)")
        #expect(!text.contains("not been reached"))
        // All is said.
        try office.pass(.seconds(5))
        #expect(try office.graph.sent.count == 1 && office.outbox("waiting").isEmpty)
        #expect(!parked.connection.hasNews())
    }

    @Test func saysFirstWhoHasNotStoppedAndThenThatAllHave() throws {
        try office.account()
        let terminal = try TestTerminal.connected(api, account: "12345678")
        office.clock.advance(by: .seconds(60))
        try office.say("Stop 12345678")
        try office.pass(.milliseconds(999))
        #expect(office.graph.received == 0, "it waits a second for those that are connected")
        try office.pass(.milliseconds(1))
        let first = try #require(office.texts().first)
        #expect(first.contains("Terminal \(self.terminal(terminal)) has not been reached yet; it was last heard at "), "\(first)")
        #expect(first.contains("It stops by itself by "))
        // Locked at the 61st second, heard at the first; a lease runs 290 s from there.
        let told = Self.times(in: first)
        #expect(
            told.count == 3 && Self.minutes(from: told[1], to: told[0]) == 1 && (4...5).contains(Self.minutes(from: told[1], to: told[2])), "\(first)"
        )

        office.clock.advance(by: .seconds(120))
        _ = try terminal.poll(after: terminal.poll(after: 0).rev)
        try office.graph.waitFor(count: 2)
        let second = office.texts()[1]
        #expect(second.hasPrefix("Every terminal of wallet 12345678 has stopped now: 1 in all, the last at "), "\(second)")
        // 121 seconds later: two minutes, or three where the second begins a minute.
        #expect((2...3).contains(Self.minutes(from: told[0], to: try #require(Self.times(in: second).first))))
        // And that is all, however often it says so.
        _ = try terminal.poll(after: terminal.poll(after: 0).rev)
        try office.pass(.seconds(60))
        #expect(office.graph.sent.count == 2 && office.graph.violations.isEmpty)
    }

    @Test func saysThatATerminalHasNeverConnected() throws {
        try office.account()
        let terminal = try TestTerminal.enrolled(api, account: "12345678")
        try office.say("Stop 12345678")
        try office.pass(.seconds(1))
        let text = try #require(office.texts().first)
        #expect(text.contains("Terminal \(self.terminal(terminal)) has never connected, so it cannot sell."), "\(text)")
    }

    /// Its permission ran out four minutes after it was heard.
    @Test func saysThatATerminalHasStoppedByItself() throws {
        try office.account()
        let terminal = try TestTerminal.connected(api, account: "12345678")
        _ = try terminal.poll(after: nil)
        office.clock.advance(by: .seconds(300))
        try office.say("Stop 12345678")
        try office.pass(.seconds(1))
        let text = try #require(office.texts().first)
        #expect(text.contains("Terminal \(self.terminal(terminal)) was not reached; it was last heard at "), "\(text)")
        #expect(text.contains("It has stopped by itself"))
        let told = Self.times(in: text)
        #expect(told.count == 2 && Self.minutes(from: told[1], to: told[0]) == 5, "\(text)")
    }

    @Test func tellsTwoTerminalsApart() throws {
        try office.account(channels: ["KazTimpaPro", "KazangMobi2"])
        let first = try TestTerminal.connected(api, account: "12345678")
        let second = try TestTerminal.connected(api, claims: "12345678", on: "KazangMobi2")
        let poll = try first.startPoll(after: first.poll(after: nil).rev)
        try api.waitForParked(1)
        try office.say("Stop 12345678")
        let parked = try first.startPoll(after: first.lease(poll).rev)
        try eventually("the first terminal to enforce it") { try office.enforced(1) }
        try office.settle()
        #expect(office.graph.received == 0, "one of two is not all")
        try office.pass(.seconds(1))
        let text = try #require(office.texts().first)
        #expect(text.contains("Terminal \(terminal(first)) stopped at "), "\(text)")
        #expect(text.contains("Terminal \(terminal(second)) has not been reached yet"), "\(text)")

        _ = try second.poll(after: second.poll(after: 0).rev)
        try office.graph.waitFor(count: 2)
        #expect(office.texts()[1].hasPrefix("Every terminal of wallet 12345678 has stopped now: 2 in all"))
        try office.pass(.seconds(60))
        #expect(office.graph.sent.count == 2)
        #expect(!parked.connection.hasNews())
    }

    /// More than a day later only a template may go.
    @Test func tellsOfAVeryLateTerminalByATemplate() throws {
        try office.account()
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try office.say("Stop 12345678")
        try office.pass(.seconds(1))
        office.clock.advance(by: .seconds(24 * 3600))
        let lease = try terminal.connect(now: office.clock.now.unixSeconds)
        _ = try terminal.poll(after: lease.rev)
        try office.graph.waitFor(count: 2)
        let sent = office.graph.sent[1]
        #expect(sent.template == "vendlock_all_stopped" && sent.parameters.first == "12345678" && sent.parameters.count == 2)
        #expect(office.graph.violations.isEmpty)
    }

    // MARK: After the lock was lifted

    /// What was true when it was decided is not said once it has become false.
    @Test func doesNotSayThatAllHaveStoppedOnceStaffHaveUnlocked() throws {
        try office.account()
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try office.say("Stop 12345678")
        try office.pass(.seconds(1))
        let locked = try terminal.poll(after: 0)
        try eventually("delivered_at") {
            try api.must(200, "GET", "/v1/accounts/12345678/locks")["locks"][0]["terminals"][0].has("delivered_at")
        }
        let hold = try #require(office.holds()[0]["id"].string)
        try api.release(hold, of: "12345678")
        let open = try terminal.poll(after: locked.rev)
        #expect(!open.locked)
        // A confirmation that comes after the release may be one of the state without the lock, so it counts for nothing.
        _ = try terminal.poll(after: open.rev)
        // Commits what was left to be written before it.
        try api.must(201, "POST", "/v1/accounts/12345678/notes", #"{"text":"unlocked"}"#)
        #expect(try !office.enforced(1))
        try office.pass(.seconds(60))
        #expect(office.texts().count == 1, "\(office.texts())")
    }

    @Test func doesNotTellOfALockThatWasLiftedMeanwhile() throws {
        try office.account()
        office.graph.fail(next: 1, with: .status(503))
        try office.say("Stop 12345678")
        try office.graph.waitForReceived(count: 1)
        try eventually("another try") { try office.outbox("waiting").first?.has("failure") == true }
        let hold = try #require(office.holds()[0]["id"].string)
        try api.release(hold, of: "12345678")
        try office.pass(.seconds(60))
        #expect(office.texts().isEmpty, "\(office.texts())")
        // It is not forgotten either: the record says why the vendor heard nothing.
        let row = try #require(office.outbox().first)
        #expect(row["state"] == "failed" && row["failure"].string?.hasPrefix("what it tells of is not") == true, "\(row)")
    }
}
