import TestSupport
import Testing
import Wire

/// Who may lock, and what those hear who may not.
@Suite struct StopSenderTests {
    /// Refuses `count` times, each answered before the next comes.
    private func fail(_ count: Int, at office: WhatsAppOffice, reference: String = "99999999", from sender: WhatsAppSender = WhatsAppOffice.stranger)
        throws
    {
        for _ in 0..<count {
            try office.say("Stop \(reference)", from: sender)
            try office.settle()
        }
    }

    // MARK: The linked number

    @Test(arguments: [
        ("082 123 4567", "27821234567"), ("+27 (0)82 123 4567", "27821234567"), ("27821234567", "27821234567"), ("0027821234567", "27821234567"),
        ("+260 97 1234567", "260971234567"), ("+260551234567", "260551234567"), ("+264 81 123 4567", "264811234567"),
        ("+267 71 234 567", "26771234567"),
        ("+266 5812 3456", "26658123456"), ("+268 7612 3456", "26876123456"), ("+91 98765 43210", "919876543210"),
        ("+44 7700 900123", "447700900123"),
    ])
    func knowsTheLinkedNumberHoweverStaffWroteIt(_ written: String, _ raw: String) throws {
        let office = try WhatsAppOffice.shared
        let reference = try office.account(Names.reference(), number: written)
        try office.say("Stop \(reference)", from: .phone(raw))
        #expect(try office.holds(on: reference).count == 1)
        try office.settle(raw)
        #expect(office.texts(to: raw).contains { $0.hasPrefix("Wallet \(reference) has been locked") }, "the answer goes where the message came from")
    }

    @Test(arguments: ["27711234568", "2771123456", "277112345670", "711234567", "260711234567", "0711234567", "27", "abc", "+"])
    func takesNoNumberThatIsNotTheLinkedOne(_ raw: String) throws {
        let office = try WhatsAppOffice.shared
        let reference = try office.account(Names.reference())
        try office.say("Stop \(reference)", from: .phone(raw))
        #expect(try office.holds(on: reference).isEmpty)
        #expect(try office.outcomes(reference) == ["refused"])
    }

    @Test func takesNobodyForAnAccountWithoutANumber() throws {
        let office = try WhatsAppOffice()
        try office.account(number: "")
        for sender in [WhatsAppSender(), "27711234567", .phone(""), .userID("ZA.1")] { try office.say("Stop 12345678", from: sender) }
        #expect(try office.holds().isEmpty)
    }

    @Test func locksOnlyTheAccountThatIsNamed() throws {
        let office = try WhatsAppOffice()
        try office.account("12345678")
        try office.account("87654321")
        try office.say("Stop 87654321")
        #expect(try office.holds(on: "12345678").isEmpty && office.holds(on: "87654321").count == 1)
        #expect(try office.notes("hold_placed", on: "12345678").isEmpty)
        try office.settle()
        #expect(office.texts().count == 1 && office.texts()[0].contains("87654321") && !office.texts()[0].contains("12345678"))
    }

    // MARK: What a stranger hears

    @Test func answersAWrongNumberAndAnUnknownReferenceAlike() throws {
        let office = try WhatsAppOffice()
        try office.account()
        let wrong = try office.say("Stop 12345678", from: "27820000001")
        let unknown = try office.say("Stop 99999999", from: "27820000002")
        #expect(wrong.status == unknown.status && wrong.body == unknown.body)
        #expect(wrong.headers.map(\.name) == unknown.headers.map(\.name))
        try office.settle()
        let (first, second) = (office.graph.sent(to: "27820000001"), office.graph.sent(to: "27820000002"))
        #expect(first.map(\.body) == [WhatsAppOffice.refusal] && second.map(\.body) == [WhatsAppOffice.refusal])
        // The same row but for the number: nothing that a clock or a count could tell apart.
        let rows = try office.outbox()
        #expect(rows.count == 2 && rows[0]["created_at"] == rows[1]["created_at"] && rows[0]["attempts"] == rows[1]["attempts"])
        #expect(rows.allSatisfy { !$0.has("account") && $0["state"] == "sent" })
        #expect(try office.holds().isEmpty)
    }

    @Test func answersASuspendedNumberAsAnyOther() throws {
        let office = try WhatsAppOffice()
        try office.account()
        try office.send([.changedNumber(from: WhatsAppOffice.vendor, to: "27719999999")])
        try office.say("Stop 12345678")
        try office.say("Stop 12345678", from: "27719999999")
        try office.settle()
        #expect(try office.holds().isEmpty)
        #expect(office.texts() == [WhatsAppOffice.refusal] && office.texts(to: "27719999999") == [WhatsAppOffice.refusal])
        let note = try #require(office.notes("number_suspended").first?["text"].string)
        for part in ["+27711234567", "27719999999", "staff"] { #expect(note.contains(part), "\(note)") }
        try office.alert("+27711234567")
    }

    /// A change of somebody whose number is linked to nothing concerns nobody.
    @Test func tellsNobodyOfAStrangersNewNumber() throws {
        let office = try WhatsAppOffice()
        try office.account()
        try office.send([.changedNumber(from: WhatsAppOffice.stranger, to: "27719999999")])
        #expect(try office.api.metric(#"vendlock_alerts_total{kind="number_suspended"}"#) == nil)
        #expect(try office.notes("number_suspended").isEmpty)
    }

    @Test(arguments: ["customer_identity_changed", "user_changed_user_id"]) func suspendsOnAChangedIdentity(_ kind: String) throws {
        let office = try WhatsAppOffice()
        try office.account()
        try office.send([.system(kind, from: WhatsAppOffice.vendor)])
        try office.say("Stop 12345678")
        #expect(try office.holds().isEmpty && office.notes("number_suspended").count == 1)
        // Said twice, it is one suspension.
        try office.send([.system(kind, from: WhatsAppOffice.vendor)])
        #expect(try office.notes("number_suspended").count == 1)
    }

    // MARK: What staff see of it

    @Test func notesTheAttemptOnTheAccount() throws {
        let office = try WhatsAppOffice()
        try office.account()
        try office.send([.text("Stop 12345678", from: WhatsAppOffice.stranger, id: "wamid.U1RSQU5HRVI")])
        let note = try #require(office.notes("stop_refused").first)
        for part in ["WhatsApp", "+27829999999", "wamid.U1RSQU5HRVI", "not linked", "nothing was locked"] {
            #expect(note["text"].string?.contains(part) == true, "\(note)")
        }
        #expect(note["via"] == "whatsapp" && !note.has("count"))
        #expect(try office.outcomes() == ["refused"])
        // The vendor is not told: it is a matter of staff.
        try office.settle()
        #expect(office.texts().isEmpty)
    }

    @Test func countsAttemptsOnOneNoteAnHour() throws {
        let office = try WhatsAppOffice()
        try office.account()
        for _ in 0..<3 { try office.say("Stop 12345678", from: WhatsAppOffice.stranger) }
        try office.say("Stop 12345678", from: "27820000001")
        #expect(try office.notes("stop_refused").map { $0["count"].integer } == [nil, 3])
        office.clock.advance(by: .seconds(3599))
        try office.say("Stop 12345678", from: WhatsAppOffice.stranger)
        #expect(try office.notes("stop_refused").map { $0["count"].integer } == [nil, 4])
        office.clock.advance(by: .seconds(1))
        try office.say("Stop 12345678", from: WhatsAppOffice.stranger)
        #expect(try office.notes("stop_refused").map { $0["count"].integer } == [nil, nil, 4])
    }

    @Test func countsNoRetryOfTheProviderAsAnAttempt() throws {
        let office = try WhatsAppOffice()
        try office.account()
        let webhook = try Webhooks.whatsApp(text: "Stop 12345678", from: WhatsAppOffice.stranger, secret: WhatsAppOffice.secret)
        for _ in 0..<8 { try office.post(webhook) }
        try office.settle()
        #expect(try office.notes("stop_refused").map { $0["count"].integer } == [nil])
        #expect(office.texts(to: "27829999999").count == 1)
        #expect(try office.api.metric(#"vendlock_alerts_total{kind="failed_attempts"}"#) == nil)
    }

    @Test func notesNothingForAnUnknownReference() throws {
        let office = try WhatsAppOffice()
        try office.account()
        try office.say("Stop 99999999", from: WhatsAppOffice.stranger)
        #expect(try office.notes("stop_refused").isEmpty)
        #expect(try office.api.get("/v1/accounts/99999999/notes").status == 404)
        #expect(try office.api.metric(#"vendlock_messages_total{provider="whatsapp",outcome="refused"}"#) == 1)
    }

    // MARK: Letters only

    /// "stop adverts" and "stop accounts" are no commands of a stranger's, whatever wallets there are.
    @Test func hidesAReferenceOfLettersOnly() throws {
        let office = try WhatsAppOffice()
        try office.account("ACCOUNTS")
        try office.say("stop accounts", from: "27820000001")
        try office.say("stop adverts", from: "27820000002")
        try office.settle()
        #expect(office.texts(to: "27820000001") == [WhatsAppOffice.hint] && office.texts(to: "27820000002") == [WhatsAppOffice.hint])
        #expect(try office.holds(on: "ACCOUNTS").isEmpty)
        #expect(try office.notes("stop_refused", on: "ACCOUNTS").count == 1, "the account's own record keeps the attempt")
        try office.say("stop accounts")
        #expect(try office.holds(on: "ACCOUNTS").count == 1)
    }

    // MARK: Five in ten minutes

    private func seconds(_ row: JSONValue) throws -> Int64 {
        try (#require(row["next_try_at"].time).unixMilliseconds - #require(row["created_at"].time).unixMilliseconds) / 1000
    }

    @Test func slowsTheAnswersToOneWhoFailsFiveTimes() throws {
        let office = try WhatsAppOffice()
        try office.account()
        for number in 0..<4 { try fail(1, at: office, reference: "9999000\(number)") }
        #expect(office.texts(to: "27829999999").count == 4)
        #expect(try office.api.metric(#"vendlock_alerts_total{kind="failed_attempts"}"#) == nil)
        try fail(1, at: office, reference: "12345678")
        #expect(office.texts(to: "27829999999").count == 4, "the fifth answer waits")
        let waiting = try office.outbox("waiting")
        #expect(try waiting.count == 1 && seconds(waiting[0]) == 30)
        try office.alert("+27829999999")
        try office.pass(.seconds(29))
        #expect(office.texts(to: "27829999999").count == 4)
        try office.pass(.seconds(1))
        #expect(office.texts(to: "27829999999").count == 5)
        // More and more slowly, and people are told once.
        var delays: [Int64] = []
        for _ in 0..<4 {
            try fail(1, at: office)
            delays.append(try seconds(office.outbox("waiting")[0]))
            try office.pass(.seconds(delays.last ?? 0))
        }
        #expect(delays.first == 60 && delays == delays.sorted())
        #expect(try #require(delays.last) < 300, "an answer that is held back on purpose is not an outbox that ages")
        #expect(try office.api.metric(#"vendlock_alerts_total{kind="failed_attempts"}"#) == 1)
    }

    @Test func slowsTheAnswersToFiveSendersOfOneReference() throws {
        let office = try WhatsAppOffice()
        try office.account()
        for number in 1...5 { try fail(1, at: office, reference: "12345678", from: .phone("2782000000\(number)")) }
        #expect((1...5).map { office.texts(to: "2782000000\($0)").count } == [1, 1, 1, 1, 0])
        #expect(try seconds(office.outbox("waiting")[0]) == 30)
        try office.alert("reference 12345678")
        // A wallet that does not exist is slowed the same.
        for number in 1...5 { try fail(1, at: office, reference: "99999999", from: .phone("2783000000\(number)")) }
        #expect((1...5).map { office.texts(to: "2783000000\($0)").count } == [1, 1, 1, 1, 0])
    }

    @Test func forgetsFailuresAfterTenMinutes() throws {
        let office = try WhatsAppOffice()
        try fail(4, at: office)
        try office.pass(.seconds(600))
        try fail(4, at: office)
        #expect(office.texts(to: "27829999999").count == 8)
        #expect(try office.outbox("waiting").isEmpty)
    }

    @Test func answersTheLinkedNumberAtOnceWhileOthersAreSlowed() throws {
        let office = try WhatsAppOffice()
        try office.account()
        try fail(6, at: office, reference: "12345678")
        try office.say("Stop 12345678")
        #expect(try office.holds().count == 1)
        try office.settle()
        #expect(office.texts().count == 1 && office.texts()[0].hasPrefix("Wallet 12345678 has been locked"))
    }

    /// Whoever mistypes five times and then gets it right does not wait for what was held back.
    @Test func answersACorrectMessageAtOnceAfterFailuresOfItsOwn() throws {
        let office = try WhatsAppOffice()
        try office.account()
        try fail(6, at: office, from: WhatsAppOffice.vendor)
        #expect(try office.outbox("waiting").count == 1)
        let before = office.texts().count
        try office.say("Stop 12345678")
        try office.settle()
        #expect(try office.holds().count == 1)
        #expect(office.texts().count == before + 1 && office.texts()[before].hasPrefix("Wallet 12345678 has been locked"))
        #expect(try office.outbox("waiting").count == 1, "the refusal still waits")
    }

    /// Refusals that wait are answered by one.
    @Test func keepsOneRefusalWaiting() throws {
        let office = try WhatsAppOffice()
        for _ in 0..<20 { try office.say("Stop 99999999", from: WhatsAppOffice.stranger) }
        #expect(try office.outbox("waiting").count <= 1)
        try office.settle()
        #expect(office.texts(to: "27829999999").count <= 5)
    }
}
