import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// The vendor without data and without airtime: dial, type the reference, read that it is locked.
@Suite struct USSDTests {
    private static let path = "/hooks/ussd/africastalking/" + ProviderOffice.pathSecret
    private static let ask = "CON Type your wallet reference to lock your terminal:"
    private static let again = "CON That is not a wallet reference. Type it again:"
    private static let refusal = "END " + ProviderOffice.shortRefusal

    private let provider: AfricasTalkingStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws {
        provider = try AfricasTalkingStandIn()
        slack = try SlackStandIn()
        office = try ProviderOffice(MessagingConfiguration(africasTalking: provider.configuration, alertsURL: slack.webhookURL))
        try office.account()
    }

    /// The next screen.
    @discardableResult
    private func type(_ text: String, session: String = "ATUid_1", from: String = ProviderOffice.vendor) throws -> String {
        let reply = try office.take(Webhooks.ussd(session: session, from: from, text: text), Self.path)
        #expect(reply.header("Content-Type") == "text/plain; charset=utf-8")
        return reply.text
    }

    // MARK: Locking

    @Test func asksForTheReferenceAndSaysThatItIsLocked() throws {
        #expect(try type("") == Self.ask)
        let screen = try type("12345678")
        #expect(screen.hasPrefix("END Wallet 12345678 locked since "))
        #expect(screen.contains("Terminals stopped: 0 of 0."))
        #expect(screen.count <= 4 + 182)
        #expect(try office.holds().map { $0["kind"].string } == ["vendor"])
        #expect(try office.notes("hold_placed").first?["text"].string?.contains("USSD") == true)
        #expect(try office.outcomes() == ["locked"])
        try office.pass(.seconds(60))
        #expect(provider.received == 0, "the screen has said all")
    }

    @Test func takesTheReferenceOfTheDialString() throws {
        // `*384*5678*12345678#`: no screen asks.
        #expect(try type("12345678").hasPrefix("END Wallet 12345678 locked since "))
        #expect(try office.holds().count == 1)
    }

    @Test(arguments: ["Stop 12345678", "LOCK 12345678", "1234 5678", "\u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}\u{0667}\u{0668}"])
    func takesTheCommandTooWhereOnlyAReferenceIsAskedFor(_ text: String) throws {
        #expect(try type(text).hasPrefix("END Wallet 12345678 locked since "))
    }

    @Test func saysHowManyTerminalsHaveStopped() throws {
        _ = try office.terminal()
        let (terminal, revision) = try office.terminal()
        let poll = try terminal.startPoll(after: revision)
        try office.api.waitForParked(1)
        let session = try Webhooks.ussd(session: "ATUid_1", from: ProviderOffice.vendor, text: "12345678").send(to: office.api.port, Self.path)
        let lease = try terminal.lease(poll)
        _ = try terminal.startPoll(after: lease.rev, wait: 1)
        let screen = try session.reply().text
        #expect(screen.contains("Terminals stopped: 1 of 2."), "\(screen)")
    }

    @Test func sendsTheRestBySMSWhenTheLastTerminalStopsLater() throws {
        let (terminal, revision) = try office.terminal()
        // Answered although the terminal says nothing.
        let screen = try type("12345678")
        #expect(MessagingConfiguration().screenPatience < .seconds(2), "the carrier's patience")
        #expect(screen.contains("Terminals stopped: 0 of 1."))
        try terminal.confirm(after: revision)
        try provider.waitFor(count: 1)
        #expect(provider.sent[0].to == ProviderOffice.vendor && provider.sent[0].segments == 1)
        #expect(provider.sent[0].body.hasPrefix("Every terminal of wallet 12345678 has stopped now"))
        #expect(provider.violations.isEmpty)
    }

    @Test func saysAtOnceWhenEveryTerminalStops() throws {
        let (terminal, revision) = try office.terminal()
        let session = try Webhooks.ussd(session: "ATUid_1", from: ProviderOffice.vendor, text: "12345678").send(to: office.api.port, Self.path)
        try eventually("the lock") { try !office.holds().isEmpty }
        try terminal.confirm(after: revision)
        #expect(try session.reply().text.contains("Terminals stopped: 1 of 1."))
        try office.pass(.seconds(60))
        #expect(provider.received == 0)
    }

    // MARK: Twice

    @Test func answersTheCarriersRepeatAsTheFirst() throws {
        let first = try type("12345678")
        #expect(try type("12345678") == first)
        #expect(try office.holds().count == 1)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [2])
        let later = try type("12345678", session: "ATUid_2")
        #expect(later.hasPrefix("END Wallet 12345678 was locked already, since "))
        #expect(try type("12345678", session: "ATUid_2") == later)
        #expect(try office.holds().count == 1)
    }

    @Test func answersTheRepeatOfADrillWithTheDrill() throws {
        let first = try type("12345678 test")
        #expect(first.hasPrefix("END Test of wallet 12345678: 0 of 0 terminals answered"))
        #expect(try type("12345678 test") == first)
        #expect(try office.holds().isEmpty)
        #expect(try office.api.must(200, "GET", "/v1/accounts/12345678/drills")["drills"].array.count == 1)
    }

    // MARK: What locks nothing

    @Test func answersAWrongNumberAndAnUnknownReferenceAlike() throws {
        #expect(try type("12345678", from: ProviderOffice.stranger) == Self.refusal)
        #expect(try type("99999999", session: "ATUid_2", from: ProviderOffice.stranger) == Self.refusal)
        #expect(try type("99999999", session: "ATUid_2", from: ProviderOffice.stranger) == Self.refusal, "the repeat too")
        #expect(try type("98765432", session: "ATUid_3") == Self.refusal)
        #expect(try office.holds().isEmpty)
        #expect(try office.notes("stop_refused").count == 1)
    }

    /// Where a reference is asked for, letters are one too.
    @Test func notesAnAttemptOnAReferenceWithoutDigits() throws {
        try office.account("KIOSK", number: "+27711234568")
        #expect(try type("kiosk") == Self.refusal)
        #expect(try type("booth", session: "ATUid_2") == Self.refusal)
        #expect(try office.notes("stop_refused", on: "KIOSK").count == 1)
    }

    @Test func asksThreeTimesForAReferenceAndThenEnds() throws {
        #expect(try type("") == Self.ask)
        #expect(try type("99") == Self.again)
        #expect(try type("99*?") == Self.again)
        #expect(try type("99*?*1") == Self.refusal)
        #expect(try office.holds().isEmpty && office.outbox().isEmpty)
    }

    @Test func takesNothingTypedForNoReference() throws {
        #expect(try type("99*") == Self.again)
        #expect(try type("99**") == Self.refusal)
    }

    @Test func locksAtTheSecondTry() throws {
        #expect(try type("99") == Self.again)
        #expect(try type("99*12345678").hasPrefix("END Wallet 12345678 locked since "))
    }

    // MARK: The carrier gives up

    @Test(arguments: ["Failed", "Incomplete", "Success"])
    func locksNothingWhenTheSessionEndsInTheMiddle(_ status: String) throws {
        try type("")
        let end = Webhooks.ussdEnd(session: "ATUid_1", from: ProviderOffice.vendor, status: status, input: "12345678")
        #expect(try office.take(end, Self.path).text.isEmpty)
        #expect(try office.holds().isEmpty)
    }

    @Test func undoesNothingWhenTheLastScreenIsNotSeen() throws {
        try type("12345678")
        try office.take(Webhooks.ussdEnd(session: "ATUid_1", from: ProviderOffice.vendor, status: "Failed", input: "12345678"), Self.path)
        #expect(try office.holds().count == 1)
        #expect(try office.notes("hold_placed").map { $0["count"].integer } == [nil])
    }

    // MARK: Who may ask

    @Test func refusesWhoDoesNotKnowThePath() throws {
        let webhook = Webhooks.ussd(session: "ATUid_1", from: ProviderOffice.vendor, text: "12345678")
        expectProblem(try office.post(webhook, "/hooks/ussd/africastalking/wrong"), 403, "signature_wrong")
        #expect(try office.holds().isEmpty)
        expectProblem(try ProviderOffice(MessagingConfiguration()).post(webhook, Self.path), 503, "provider_not_configured")
        expectProblem(try office.post(Webhook(body: Array("text=12345678".utf8)), Self.path), 400, "invalid_body")
    }
}
