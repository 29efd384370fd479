import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// What waits to be said by WhatsApp: in order for each recipient, tried again as the error says, never twice, never dropped in silence.
@Suite struct OutboxTests {
    private static let hook = "/hooks/whatsapp"
    private static let vendor: TestSupport.WhatsAppSender = "27711234567"

    private let graph: GraphStandIn
    private let slack: SlackStandIn
    private let office: ProviderOffice

    init() throws {
        graph = try GraphStandIn()
        slack = try SlackStandIn()
        var messaging = MessagingConfiguration(whatsapp: graph.configuration, alertsURL: slack.webhookURL)
        messaging.patience = .milliseconds(400)
        office = try ProviderOffice(messaging)
        try office.account()
    }

    private func say(_ text: String, from sender: TestSupport.WhatsAppSender = vendor) throws {
        try office.take(Webhooks.whatsApp(text: text, from: sender, secret: GraphStandIn.secret), Self.hook)
    }

    private func bodies(to number: String = "27711234567") -> [String] { graph.sent(to: number).compactMap(\.body) }

    private func newest() throws -> JSONValue { try #require(office.outbox().first) }

    private func nextTry() throws -> Timestamp { try #require(newest()["next_try_at"].string.flatMap { Timestamp($0) }) }

    // MARK: Order

    @Test func keepsTheOrderOfOneRecipientOverFailures() throws {
        try office.account("87654321")
        graph.fail(next: 3, with: .status(500))
        try say("Stop 12345678")
        try office.pass()
        try say("Stop 87654321")
        try say("Stop")
        try office.pass()
        #expect(graph.sent.isEmpty, "what comes later waits for what came first")
        for _ in 0..<3 { try office.pass(.seconds(12)) }
        #expect(bodies().map { String($0.prefix(15)) } == ["Wallet 12345678", "Wallet 87654321", "To lock your te"])
        #expect(graph.violations.isEmpty && graph.repeatedTags.isEmpty)
    }

    @Test func holdsNobodyUpForAnothersTrouble() throws {
        try office.account("87654321", number: "+27711234568")
        graph.refuse("27711234567", with: 130429)
        for _ in 0..<4 { try say("Stop 12345678") }
        try say("Stop 87654321", from: "27711234568")
        try office.pass()
        #expect(bodies().isEmpty)
        #expect(bodies(to: "27711234568").count == 1)
    }

    /// Five wrong references slow the sixth answer down; the answer to a right one has a lane of its own.
    @Test func neverSlowsACorrectMessage() throws {
        for number in 0..<8 { try say("Stop 9999999\(number)") }
        try say("Stop 12345678")
        try office.pass()
        #expect(bodies().contains { $0.hasPrefix("Wallet 12345678 has been locked") })
    }

    // MARK: Errors that pass

    @Test(arguments: [130_429, 131_000, 80_007])
    func triesAgainLaterAndLater(_ code: Int) throws {
        graph.refuse("27711234567", with: code)
        try say("Stop 12345678")
        try office.pass()
        var waits: [Duration] = []
        for attempt in 1...6 {
            let row = try newest()
            #expect(row["state"] == "waiting" && row["attempts"].integer == Int64(attempt))
            #expect(row["failure"].string?.hasPrefix("\(code): ") == true)
            let next = try nextTry()
            waits.append(.milliseconds(next.unixMilliseconds - office.clock.now.unixMilliseconds))
            try office.pass(waits[attempt - 1] - .milliseconds(1))
            #expect(try newest()["attempts"].integer == Int64(attempt), "not before its time")
            try office.pass(.milliseconds(1))
        }
        #expect(waits == waits.sorted() && waits[0] >= .seconds(1) && waits[0] <= .seconds(3) && waits[5] >= .seconds(45), "\(waits)")
        #expect(try office.notes("message_undelivered").isEmpty)
        graph.refuse("27711234567", with: nil)
        try office.pass(.seconds(600))
        #expect(bodies().count == 1)
        let row = try newest()
        #expect(row["state"] == "sent" && !row.has("failure") && !row.has("next_try_at"))
    }

    @Test func waitsFourTimesAsLongEachTimeForOneRecipient() throws {
        graph.refuse("27711234567", with: 131056)
        try say("Stop 12345678")
        try office.pass()
        for seconds in [4, 16, 64] {
            let next = try nextTry()
            #expect(next == office.clock.now.adding(.seconds(seconds)))
            try office.pass(.seconds(seconds))
        }
    }

    @Test func restsAndTellsPeopleWhenTheTokenIsWrong() throws {
        graph.fail(
            next: 2, with: .status(401, body: #"{"error":{"message":"Invalid OAuth access token graph-token","type":"OAuthException","code":190}}"#))
        try say("Stop 12345678")
        try office.pass()
        #expect(try nextTry() == office.clock.now.adding(.seconds(300)))
        let alert = try office.waitForAlert(slack, containing: "WhatsApp: 190: ")
        #expect(!alert.contains("graph-token"))
        #expect(try newest()["failure"].string?.contains("graph-token") == false)
        try office.pass(.seconds(300))
        try office.pass(.seconds(300))
        #expect(bodies().count == 1, "it goes when the token is right again")
        #expect(try office.alerts("provider_error") == 2)
    }

    @Test func doesAsRetryAfterSays() throws {
        graph.fail(next: 1, with: .status(429, headers: [(name: "Retry-After", value: "33")]))
        try say("Stop 12345678")
        try office.pass()
        #expect(try nextTry() == office.clock.now.adding(.seconds(33)))
        try office.pass(.seconds(33))
        #expect(bodies().count == 1)
        // As a date: 12:00:00 of that day.
        let date = "Sat, 18 Jul 2099 12:00:00 GMT"
        graph.fail(next: 1, with: .status(503, headers: [(name: "Retry-After", value: date)]))
        let noon = try #require(Timestamp("2099-07-18T12:00:00Z"))
        // A day before it is as far as a date may point.
        office.clock.advance(by: .milliseconds(noon.unixMilliseconds - 90_000 - office.clock.now.unixMilliseconds))
        try say("Stop 99999999", from: "27829999999")
        try office.pass()
        #expect(try nextTry() == noon)
        try office.pass(.milliseconds(89_999))
        #expect(bodies(to: "27829999999").isEmpty)
        try office.pass(.milliseconds(1))
        #expect(bodies(to: "27829999999").count == 1)
    }

    @Test(arguments: [Fault.status(500), .status(502, body: "<html>Bad gateway</html>"), .status(408)])
    func triesAgainWhenWhatsAppIsIll(_ fault: Fault) throws {
        graph.fail(next: 1, with: fault)
        try say("Stop 12345678")
        try office.pass()
        #expect(try newest()["state"] == "waiting")
        try office.pass(.seconds(4))
        #expect(bodies().count == 1)
    }

    @Test func triesAgainWhenNobodyListens() throws {
        let closed = try GraphStandIn()
        let url = closed.url
        closed.stop()
        var whatsapp = graph.configuration
        whatsapp.graphURL = url
        let office = try ProviderOffice(MessagingConfiguration(whatsapp: whatsapp))
        try office.account()
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: Self.vendor, secret: GraphStandIn.secret), Self.hook)
        #expect(try office.holds().count == 1)
        try office.pass()
        let row = try #require(office.outbox().first)
        #expect(row["state"] == "waiting" && row["failure"].string?.hasPrefix("connect: ") == true)
        // When somebody listens again it goes.
        let back = try GraphStandIn(port: closed.port)
        try office.pass(.seconds(4))
        #expect(back.sent.count == 1)
    }

    // MARK: Errors that stay

    @Test(arguments: [100, 131_021, 368])
    func neverTriesAgainWhatIsRefused(_ code: Int) throws {
        graph.refuse("27711234567", with: code)
        try say("Stop 12345678")
        try office.pass()
        let row = try newest()
        #expect(row["state"] == "failed" && row["attempts"] == 1 && row["failure"].string?.hasPrefix("\(code): ") == true)
        let note = try #require(office.notes("message_undelivered").first?["text"].string)
        #expect(note.contains("lock report to 27711234567") && note.contains("\(code): "), "\(note)")
        try office.waitForAlert(slack, containing: "Not delivered by WhatsApp")
        graph.refuse("27711234567", with: nil)
        try office.pass(.seconds(24 * 3600))
        #expect(graph.received == 1 && graph.sent.isEmpty)
        #expect(try office.holds().count == 1, "the lock stands, whoever hears of it")
    }

    @Test func notesOnTheOfficeWhatConcernsNoAccount() throws {
        graph.refuse("27829999999", with: 100)
        try say("Stop 99999999", from: "27829999999")
        try office.pass()
        #expect(try office.officeNotes("message_undelivered").count == 1)
    }

    @Test func givesUpAfterADay() throws {
        graph.refuse("27711234567", with: 131000)
        try say("Stop 12345678")
        for _ in 0..<26 { try office.pass(.seconds(3600)) }
        #expect(try newest()["state"] == "failed")
        #expect(try office.notes("message_undelivered").map { $0["text"].string?.contains("131000") } == [true])
        try office.waitForAlert(slack, containing: "Not delivered by WhatsApp")
        let received = graph.received
        try office.pass(.seconds(24 * 3600))
        #expect(graph.received == received)
    }

    // MARK: No answer

    @Test(arguments: [false, true])
    func sendsNothingTwiceWhenNoAnswerComes(_ hasArrived: Bool) throws {
        graph.fail(next: 1, with: hasArrived ? .acceptThenHang : .hang)
        try say("Stop 12345678")
        try office.pass()
        let row = try newest()
        #expect(row["state"] == "failed" && row["failure"].string?.hasPrefix("unknown: ") == true)
        #expect(try office.notes("message_undelivered").map { $0["text"].string?.contains("nobody knows whether it arrived") } == [true])
        try office.waitForAlert(slack, containing: "nobody knows whether it arrived")
        try office.pass(.seconds(3600))
        #expect(graph.received == 1 && graph.accepted == (hasArrived ? 1 : 0))
        // What comes after it is not held up by it.
        try say("Stop")
        try office.pass()
        #expect(bodies().last?.hasPrefix("To lock your terminal") == true)
    }

    @Test func learnsFromAReportThatItHasArrivedAfterAll() throws {
        graph.fail(next: 1, with: .acceptThenHang)
        try say("Stop 12345678")
        try office.pass()
        #expect(try newest()["state"] == "failed")
        let sent = try #require(graph.sent.first)
        try office.take(graph.statusBody(for: sent, status: "delivered", secret: GraphStandIn.secret), Self.hook)
        let row = try newest()
        #expect(row["state"] == "delivered" && row["provider_id"].string == sent.wamid && !row.has("failure"))
        #expect(graph.received == 1)
    }

    /// The report is faster than the answer: what it says stands.
    @Test func letsNoLateAnswerUndoAReport() throws {
        graph.fail(next: 2, with: .acceptThenHang)
        try say("Stop 12345678")
        try graph.waitFor(count: 1)
        let sent = try #require(graph.sent.first)
        try office.take(graph.statusBody(for: sent, status: "read", secret: GraphStandIn.secret), Self.hook)
        #expect(try newest()["state"] == "read")
        // A later one whose answer does not come either: when that is given up, the courier has given up waiting for the first too.
        try say("Stop 99999999", from: "27829999999")
        try office.pass()
        let rows = try office.outbox()
        #expect(rows.map { $0["state"].string } == ["failed", "read"])
        #expect(try office.notes("message_undelivered").isEmpty && office.officeNotes("message_undelivered").count == 1)
    }

    // MARK: What is not so any more

    @Test func saysNothingThatIsNotSoAnyMore() throws {
        graph.refuse("27711234567", with: 131000)
        try say("Stop 12345678")
        try office.pass()
        try office.api.release(try #require(office.holds().first?["id"].string), of: "12345678")
        graph.refuse("27711234567", with: nil)
        try office.pass(.seconds(60))
        #expect(graph.sent.isEmpty, "it is not locked any more")
        #expect(try newest()["failure"].string == "what it tells of is not so any more")
        #expect(try office.notes("message_undelivered").count == 1)
    }

    @Test func stillTellsOfALockThatAnotherHoldKeeps() throws {
        graph.refuse("27711234567", with: 131000)
        try say("Stop 12345678")
        try office.pass()
        try office.api.lock("12345678", kind: "fraud")
        let vendors = try office.holds().filter { $0["kind"] == "vendor" }
        try office.api.release(try #require(vendors.first?["id"].string), of: "12345678")
        graph.refuse("27711234567", with: nil)
        try office.pass(.seconds(60))
        #expect(bodies().count == 1)
    }
}
