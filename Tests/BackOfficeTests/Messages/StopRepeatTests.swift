import TestSupport
import Testing
import Wire

/// Messages that come more than once, for whatever reason.
@Suite struct StopRepeatTests {
    private let office: WhatsAppOffice
    private var api: API { office.api }

    init() throws {
        office = try WhatsAppOffice()
        try office.account()
    }

    private func release() throws { try api.release(try #require(office.holds().first?["id"].string), of: "12345678") }

    @Test func takesTheSameMessageTwiceInOneBodyForOne() throws {
        let message = WhatsAppMessage.text("Stop 12345678", from: WhatsAppOffice.vendor)
        try office.send([message, message])
        #expect(try office.holds().count == 1)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [2])
        try office.settle()
        #expect(office.texts().count == 1)
        #expect(try api.metric(#"vendlock_messages_total{provider="whatsapp",outcome="duplicate"}"#) == 1)
        #expect(try api.metric(#"vendlock_locks_total{source="whatsapp"}"#) == 1)
    }

    @Test func takesTheSameMessageInTwoBodiesForOne() throws {
        let webhook = try Webhooks.whatsApp(text: "Stop 12345678", from: WhatsAppOffice.vendor, secret: WhatsAppOffice.secret)
        for _ in 0..<3 { #expect(try office.post(webhook).status == 200) }
        try office.settle()
        #expect(try office.post(webhook).status == 200)
        try office.settle()
        #expect(try office.holds().count == 1)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [4])
        #expect(try office.outcomes() == ["locked"])
        #expect(office.texts().count == 1, "a retry of the provider is no question of the vendor")
    }

    @Test func makesOneHoldOfTenStops() throws {
        // A terminal that is silent, so that the first answer waits for a second.
        _ = try TestTerminal.connected(api, account: "12345678")
        for number in 0..<10 { try office.say(number % 2 == 0 ? "Stop 12345678" : "STOP  12345678!!") }
        #expect(try office.holds().count == 1)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [10])
        #expect(try office.outcomes().sorted() == ["locked"] + Array(repeating: "repeated", count: 9))
        #expect(try office.outbox("waiting").count == 1, "one answer waits at most")
        try office.pass(.seconds(1))
        #expect(office.texts().count == 1)
        #expect(try api.metric(#"vendlock_locks_total{source="whatsapp"}"#) == 1)
        // Who asks again after the answer gets one, with how the lock stands.
        try office.say("Stop 12345678")
        try office.settle()
        #expect(office.texts().count == 2)
        #expect(office.texts()[1].hasPrefix("Wallet 12345678 was locked already, since "))
        #expect(office.texts()[1].contains("has not been reached yet"))
    }

    @Test func makesOneHoldOfTenStopsInOneBody() throws {
        try office.send((0..<10).map { _ in .text("Stop 12345678", from: WhatsAppOffice.vendor) })
        try office.settle()
        #expect(try office.holds().count == 1 && office.texts().count == 1)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [10])
    }

    @Test func makesOneHoldOfStopsAtTheSameTime() throws {
        let webhooks = try (0..<16).map { _ in
            try Webhooks.whatsApp(text: "Stop 12345678", from: WhatsAppOffice.vendor, secret: WhatsAppOffice.secret)
        }
        let sent = try webhooks.map { try $0.send(to: api.port, "/hooks/whatsapp") }
        for connection in sent { #expect(try connection.reply().status == 200) }
        #expect(try office.holds().count == 1)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [16])
    }

    @Test func locksAnewAfterStaffHaveUnlocked() throws {
        try office.say("Stop 12345678")
        try office.settle()
        try release()
        try office.say("Stop 12345678")
        try office.settle()
        #expect(try office.holds().count == 1 && office.notes("hold_placed").count == 2)
        #expect(try office.outcomes() == ["locked", "locked"])
        #expect(office.texts().count == 2 && office.texts().allSatisfy { $0.hasPrefix("Wallet 12345678 has been locked since ") })
    }

    /// Providers repeat for days: the vendor's old message must not undo what staff did since.
    @Test func doesNotLockByALateRetryOfAnOldMessage() throws {
        let webhook = try Webhooks.whatsApp(text: "Stop 12345678", from: WhatsAppOffice.vendor, secret: WhatsAppOffice.secret)
        try office.post(webhook)
        try office.settle()
        try release()
        office.clock.advance(by: .seconds(7 * 24 * 3600))
        #expect(try office.post(webhook).status == 200)
        try office.settle()
        #expect(try office.holds().isEmpty && office.texts().count == 1)
        #expect(try office.notes("hold_placed").count == 1)
    }

    @Test func answersWithTheStateWhenStaffHaveLocked() throws {
        try api.lock("12345678")
        let since = try #require(office.holds()[0]["requested_at"].time)
        office.clock.advance(by: .seconds(600))
        try office.say("Stop 12345678")
        #expect(try Set(office.holds().map { $0["kind"].string }) == ["staff", "vendor"], "the vendor's own stands when staff lift theirs")
        try office.settle()
        let text = try #require(office.texts().first)
        #expect(text.hasPrefix("Wallet 12345678 was locked already, since "), "\(text)")
        // The time of the first of the two.
        let told = try #require(text.firstMatch(of: #/since (?:[-\d]+ )?\d\d:(\d\d),/#)?.1)
        #expect(Int64(told) == since.unixSeconds / 60 % 60, "\(text)")
        #expect(text.contains("and stays locked"))
    }

    /// Staff pressed the vendor's own button for them; whoever asks meanwhile is told the end of it too.
    @Test func tellsTheEndOfALockThatStaffPlacedForTheVendor() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try api.lock("12345678", kind: "vendor")
        try office.say("Stop 12345678")
        try office.settle()
        #expect(try office.holds().count == 1)
        #expect(office.texts().first?.hasPrefix("Wallet 12345678 was locked already") == true)
        _ = try terminal.poll(after: terminal.poll(after: 0).rev)
        try office.graph.waitFor(count: 2)
        #expect(office.texts().last?.hasPrefix("Every terminal of wallet 12345678 has stopped now") == true)
    }

    @Test func keepsALockWhoseMessageWasRevoked() throws {
        let message = WhatsAppMessage.text("Stop 12345678", from: WhatsAppOffice.vendor)
        try office.send([message])
        try office.settle()
        try office.send([.revoke(of: message.id, from: WhatsAppOffice.vendor), .edit(of: message.id, to: "Hello", from: WhatsAppOffice.vendor)])
        try office.settle()
        #expect(try office.holds().count == 1)
        #expect(office.texts().count == 2 && office.texts()[1] == WhatsAppOffice.resend)
    }

    @Test func remembersMessagesThroughAnUnlockAndANewLock() throws {
        let old = try Webhooks.whatsApp(text: "Stop 12345678", from: WhatsAppOffice.vendor, secret: WhatsAppOffice.secret)
        try office.post(old)
        try release()
        try office.say("Stop 12345678")
        try office.post(old)
        #expect(try office.holds().count == 1)
        #expect(try office.outcomes() == ["locked", "locked"])
    }
}
