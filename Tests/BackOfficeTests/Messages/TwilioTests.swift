import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// SMS through Twilio: signed over the public URL, answered in one SMS.
@Suite struct TwilioTests {
    private static let path = "/hooks/sms/twilio"
    private static let url = TwilioStandIn.publicURL + path

    private let twilio: TwilioStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws {
        twilio = try TwilioStandIn()
        slack = try SlackStandIn()
        office = try ProviderOffice(MessagingConfiguration(twilio: twilio.configuration, alertsURL: slack.webhookURL))
        try office.account()
    }

    private func webhook(_ text: String, from: String = ProviderOffice.vendor, token: String = "12345", url: String = url) throws -> Webhook {
        try Webhooks.twilio(text: text, from: from, token: token, url: url)
    }

    private func say(_ text: String, from: String = ProviderOffice.vendor) throws { try office.take(webhook(text, from: from), Self.path) }

    // MARK: Locking

    @Test(arguments: [
        "STOP 12345678", "LOCK 12345678", "lock 12345678", "Stop: 12345678.", "stop12345678", "12345678 STOP", " Lock\u{A0}12345678\n",
        "LOCK \u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}\u{0667}\u{0668}",
    ])
    func locksByEitherWord(_ text: String) throws {
        try say(text)
        #expect(try office.holds().map { $0["kind"].string } == ["vendor"])
        #expect(try office.notes("hold_placed").first?["text"].string?.contains("SMS") == true)
    }

    @Test func answersInOneSMSFromTheNumberThatWasWrittenTo() throws {
        let reply = try office.take(
            Webhooks.twilio(text: "LOCK 12345678", from: ProviderOffice.vendor, to: "+27110000099", token: "12345", url: Self.url), Self.path)
        #expect(reply.header("Content-Type") == "text/xml")
        #expect(reply.text == #"<?xml version="1.0" encoding="UTF-8"?><Response/>"#)
        try office.pass()
        #expect(twilio.sent.count == 1)
        let sms = try #require(twilio.sent.first)
        #expect(sms.to == ProviderOffice.vendor && sms.from == "+27110000099" && sms.segments == 1)
        #expect(sms.body.hasPrefix("Wallet 12345678 locked since ") && sms.body.contains("Terminals stopped: 0 of 0"))
        #expect(twilio.violations.isEmpty)
    }

    @Test func answersAWrongNumberInOneSMSToo() throws {
        try say("LOCK 12345678", from: ProviderOffice.stranger)
        try say("LOCK 99999999", from: "+27829999998")
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(twilio.sent.map(\.body) == [ProviderOffice.shortRefusal, ProviderOffice.shortRefusal])
        #expect(twilio.sent.allSatisfy { $0.segments == 1 })
        #expect(try office.notes("stop_refused").count == 1)
    }

    /// Anybody can choose a name as sender, and nobody can answer it.
    @Test(arguments: ["MTN", "VENDLOCK", "27711234567x", ""])
    func believesNoNameAsSender(_ from: String) throws {
        try say("LOCK 12345678", from: from)
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(twilio.received == 0)
    }

    @Test func doesNothingForAReportOnItsOwnMessage() throws {
        let form = [
            ("MessageSid", "SM00000000000000000000000000000009"), ("MessageStatus", "delivered"), ("From", ProviderOffice.vendor),
            ("To", "+27110000000"), ("Body", "LOCK 12345678"),
        ]
        try office.take(Webhooks.twilio(form: form, token: "12345", url: Self.url), Self.path)
        #expect(try office.holds().isEmpty && office.outbox().isEmpty)
    }

    @Test func takesTheSameMessageOnce() throws {
        let webhook = try webhook("LOCK 12345678")
        for _ in 0..<3 { try office.take(webhook, Self.path) }
        try office.pass()
        #expect(try office.holds().count == 1)
        #expect(twilio.sent.count == 1)
    }

    // MARK: The signature

    @Test func takesTheQueryOfTheURLIntoTheSignature() throws {
        try office.take(webhook("LOCK 12345678", url: Self.url + "?src=a&b=%20c"), Self.path + "?src=a&b=%20c")
        #expect(try office.holds().count == 1)
        expectProblem(try office.post(webhook("LOCK 12345678", url: Self.url + "?src=a"), Self.path + "?src=b"), 403, "signature_wrong")
        expectProblem(try office.post(webhook("LOCK 12345678", url: Self.url), Self.path + "?src=a"), 403, "signature_wrong")
    }

    @Test func refusesWhatTwilioHasNotSigned() throws {
        var changed = try webhook("LOCK 12345678")
        changed.body = Array(changed.text.replacing("LOCK+12345678", with: "LOCK+12345679").utf8)
        var added = try webhook("LOCK 12345678")
        added.body += Array("&Extra=1".utf8)
        let foreign = try webhook("LOCK 12345678", token: "12346")
        // What this server sees before the proxy is not what Twilio called.
        let inner = try webhook("LOCK 12345678", url: "http://127.0.0.1:\(office.api.port)\(Self.path)")
        for wrong in [changed, added, foreign, inner] { expectProblem(try office.post(wrong, Self.path), 403, "signature_wrong") }
        var unsigned = try webhook("LOCK 12345678")
        unsigned.headers = []
        expectProblem(try office.post(unsigned, Self.path), 401, "signature_missing")
        #expect(try office.holds().isEmpty)
        #expect(try office.metric("twilio", "bad_signature") == 5)
        try office.waitForAlert(slack, containing: "is not signed by it")
    }

    @Test func saysThatItIsNotConfigured() throws {
        let office = try ProviderOffice(MessagingConfiguration())
        expectProblem(try office.post(webhook("LOCK 12345678"), Self.path), 503, "provider_not_configured")
    }

    // MARK: No more messages

    @Test func takesABareStopForTheWishToGetNoMore() throws {
        for _ in 0..<3 { try say("STOP") }
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(twilio.received == 0)
        let notes = try office.notes("sms_opt_out")
        #expect(notes.count == 1 && notes[0]["text"].string?.contains("It locked nothing") == true)
    }

    @Test(arguments: [false, true])
    func sendsNoNoticesToWhoWantsNone(_ comesBack: Bool) throws {
        let (terminal, revision) = try office.terminal()
        try say("LOCK 12345678")
        try office.pass(.seconds(1))
        #expect(twilio.sent.map(\.body).filter { $0.contains("Terminals stopped: 0 of 1") }.count == 1)
        try say("stop")
        if comesBack { try say("START") }
        try terminal.confirm(after: revision)
        try eventually("the follow-up") { try office.outbox().first?["what"].string?.hasPrefix("confirmation") == true }
        try office.pass()
        #expect(twilio.sent.count == (comesBack ? 2 : 1))
        let row = try #require(office.outbox().first)
        #expect(row["state"].string == (comesBack ? "sent" : "failed"))
        #expect(row["failure"].string == (comesBack ? nil : "the number has asked for no more messages by SMS"))
        #expect(try office.alerts("undelivered") == 0, "that is no trouble")
    }

    @Test func answersDirectQuestionsOfWhoWantsNoNotices() throws {
        try say("STOP")
        try say("LOCK 99999999")
        try office.pass()
        #expect(twilio.sent.map(\.body) == [ProviderOffice.shortRefusal])
        // Who uses the service wants to hear of it again.
        try say("LOCK 12345678")
        try office.pass()
        #expect(twilio.sent.count == 2 && twilio.sent[1].body.hasPrefix("Wallet 12345678 locked"))
    }

    // MARK: Trouble

    @Test func saysOfWhomTwilioHasBlockedThatTheyHeardNothing() throws {
        twilio.refuse(ProviderOffice.vendor, with: 21610)
        try say("STOP 12345678")
        #expect(try office.holds().count == 1)
        try office.pass()
        let row = try #require(office.outbox().first)
        #expect(row["state"] == "failed" && row["attempts"] == 1 && row["failure"].string?.hasPrefix("21610: ") == true)
        #expect(try office.notes("message_undelivered").map { $0["text"].string?.contains("21610") } == [true])
        try office.waitForAlert(slack, containing: "Not delivered by SMS")
        try office.pass(.seconds(3600))
        #expect(twilio.received == 1, "never again")
    }

    @Test func triesAgainWhenTwilioIsBusy() throws {
        twilio.fail(next: 1, with: .status(429, body: #"{"code":20429,"message":"Too Many Requests","status":429}"#, headers: [("Retry-After", "9")]))
        try say("LOCK 12345678")
        try office.pass()
        try office.pass(.seconds(8))
        #expect(twilio.sent.isEmpty)
        try office.pass(.seconds(1))
        #expect(twilio.sent.count == 1)
    }
}
