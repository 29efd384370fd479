import TestSupport
import Testing
import Wire

/// What the people who run the server are told of the feature's failures.
@Suite struct MessageAlertTests {
    private let office: WhatsAppOffice
    private var api: API { office.api }

    init() throws {
        office = try WhatsAppOffice()
        try office.account(channels: ["KazTimpaPro", "KazangMobi2"])
    }

    private func raised(_ kind: String) throws -> Double? { try api.metric("vendlock_alerts_total{kind=\"\(kind)\"}") }

    // MARK: Terminals that do not confirm

    @Test(arguments: [true, false]) func tellsOfATerminalThatDoesNotConfirmWithinAMinute(_ byMessage: Bool) throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        if byMessage { try office.say("Stop 12345678") } else { try api.lock("12345678") }
        office.clock.advance(by: .milliseconds(59_999))
        try office.tick()
        #expect(try raised("not_confirmed") == nil)
        office.clock.advance(by: .milliseconds(1))
        try office.tick()
        try office.alert(terminal.imei)
        try office.settle()
        let text = try #require(office.slack.texts.first)
        #expect(text.contains("account 12345678") && text.contains("60 s") && text.contains(byMessage ? "vendor" : "staff"), "\(text)")
        // Once, however long it stays away.
        for _ in 0..<3 {
            office.clock.advance(by: .seconds(600))
            try office.tick()
        }
        #expect(try raised("not_confirmed") == 1 && office.slack.texts.count == 1)
    }

    @Test func namesOnlyTheTerminalThatIsSilent() throws {
        let first = try TestTerminal.connected(api, account: "12345678")
        let second = try TestTerminal.connected(api, claims: "12345678", on: "KazangMobi2")
        try office.say("Stop 12345678")
        _ = try first.poll(after: first.poll(after: 0).rev)
        try eventually("one of two") { try office.enforced(1) }
        office.clock.advance(by: .seconds(60))
        try office.tick()
        let text = try office.alert("not confirmed")
        #expect(text.contains(second.imei) && !text.contains(first.imei))
    }

    @Test func tellsNothingOfALockThatAllHaveConfirmed() throws {
        let terminal = try TestTerminal.connected(api, account: "12345678")
        try office.say("Stop 12345678")
        _ = try terminal.poll(after: terminal.poll(after: 0).rev)
        try eventually("the confirmation") { try office.enforced(1) }
        office.clock.advance(by: .seconds(61))
        try office.tick()
        #expect(try raised("not_confirmed") == nil)
    }

    @Test func tellsNothingOfALockThatWasReleased() throws {
        _ = try TestTerminal.connected(api, account: "12345678")
        try office.say("Stop 12345678")
        try api.release(try #require(office.holds().first?["id"].string), of: "12345678")
        office.clock.advance(by: .seconds(61))
        try office.tick()
        #expect(try raised("not_confirmed") == nil)
    }

    @Test func tellsNothingWhereThereIsNoTerminal() throws {
        try office.say("Stop 12345678")
        office.clock.advance(by: .seconds(61))
        try office.tick()
        #expect(try raised("not_confirmed") == nil)
    }

    // MARK: The outbox

    @Test func tellsOfAnOutboxThatAges() throws {
        office.graph.fail(next: 1_000, with: .status(503))
        try office.say("Stop 12345678")
        try office.graph.waitForReceived(count: 1)
        office.clock.advance(by: .seconds(300))
        try office.tick()
        #expect(try raised("outbox_age") == nil)
        office.clock.advance(by: .seconds(1))
        try office.tick()
        let text = try office.alert("wait")
        #expect(text.contains("1 "), "\(text)")
        #expect(try raised("outbox_age") == 1)
        let oldest = try #require(try api.metric("vendlock_outbox_oldest_seconds"))
        #expect(oldest >= 301)
        // The lock stood all the while, and the answer goes when the provider is back.
        #expect(try office.holds().count == 1)
        office.graph.recover()
        try office.pass(.seconds(600))
        #expect(office.texts().count == 1)
        try office.tick()
        #expect(try raised("outbox_age") == 1 && api.metric("vendlock_outbox_waiting") == 0)
    }

    /// What is held back on purpose is no failure, however long a stranger goes on.
    @Test func takesRefusalsThatAreHeldBackForNoFault() throws {
        for _ in 0..<12 {
            try office.say("Stop 99999999", from: WhatsAppOffice.stranger)
            try office.pass(.seconds(10))
            try office.tick()
        }
        try office.pass(.seconds(230))
        try office.tick()
        #expect(try raised("outbox_age") == nil)
    }

    // MARK: The channel itself

    @Test func deliversAnAlertWhenTheChannelIsBack() throws {
        office.slack.fail(next: 2, with: .status(500))
        try office.post(Webhook(body: Array("{}".utf8)))
        try office.slack.waitForReceived(count: 1)
        try office.settle()
        for _ in 0..<2 { try office.pass(.seconds(60)) }
        try office.alert("not signed")
        try office.settle()
        // Its own trouble made no further alert.
        #expect(try office.slack.texts.count == 1 && office.slack.violations.isEmpty && raised("provider_error") == nil)
    }

    @Test func keepsSecretsOutOfAlerts() throws {
        try office.post(Webhook(body: Array("{}".utf8), headers: ["X-Hub-Signature-256: sha256=\(WhatsAppOffice.secret)"]))
        office.graph.refuse("27711234567", with: 190)
        try office.say("Stop 12345678")
        try office.alert("not signed")
        try office.alert("190")
        let all = office.slack.texts.joined()
        for secret in [WhatsAppOffice.secret, WhatsAppOffice.verifyToken, "graph-token"] { #expect(!all.contains(secret)) }
    }
}
