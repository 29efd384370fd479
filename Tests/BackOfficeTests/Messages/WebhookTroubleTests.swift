import BackOffice
import Messaging
import Store
import TestSupport
import Testing
import Wire

/// Endpoints that fail: in order all the same, tried again as the specification advises, at nobody else's cost.
@Suite struct WebhookTroubleTests {
    private static let reference = ProviderOffice.reference

    private let webhooks: WebhookOffice

    init() throws { webhooks = try WebhookOffice() }

    private var office: ProviderOffice { webhooks.office }
    private var receiver: WebhookReceiver { webhooks.receiver }

    private func nextTry() throws -> Timestamp {
        try #require(try webhooks.rows("waiting").first?["next_try_at"].string.flatMap { Timestamp($0) })
    }

    private func untilNextTry() throws -> Duration { .milliseconds(try nextTry().unixMilliseconds - office.clock.now.unixMilliseconds) }

    // MARK: Again, in order

    @Test func triesAgainWithTheSameIdentifierAndBodyInOrder() throws {
        receiver.fail(next: 2, with: .status(500))
        receiver.fail(next: 1, with: .hang)
        let hold = try webhooks.api.lock(Self.reference)
        try webhooks.api.release(hold, of: Self.reference)
        try office.pass()
        for limits in [(4.0, 5.0), (270.0, 300.0), (1620.0, 1800.0)] {
            #expect(receiver.events.isEmpty)
            let pause = try untilNextTry()
            #expect(pause >= .seconds(limits.0) && pause <= .seconds(limits.1), "\(pause)")
            try office.pass(pause)
        }
        #expect(receiver.types == ["account.locked", "account.unlocked"])
        let attempts = receiver.attempts
        #expect(attempts.count == 5 && Set(attempts.prefix(4).map(\.id)).count == 1 && Set(attempts.prefix(4).map(\.body)).count == 1)
        #expect(Set(attempts.prefix(4).map(\.timestamp)).count == 4, "each attempt has its own time, and is signed with it")
        #expect(receiver.violations.isEmpty, "\(receiver.violations)")
        #expect(try office.metric("webhooks", "retried") == 3 && office.metric("webhooks", "sent") == 2)
    }

    @Test func takesAnAnswerThatNeverCameForAFailure() throws {
        receiver.fail(next: 1, with: .acceptThenHang)
        try webhooks.api.lock(Self.reference)
        try office.pass()
        try office.pass(.seconds(5))
        #expect(receiver.types == ["account.locked"] && receiver.duplicates == 1)
        #expect(try webhooks.rows().map { $0["state"].string } == ["sent"])
    }

    @Test func doesAsRetryAfterSays() throws {
        receiver.fail(next: 1, with: .status(503, headers: [(name: "Retry-After", value: "77")]))
        try webhooks.api.lock(Self.reference)
        try office.pass()
        #expect(try nextTry() == office.clock.now.adding(.seconds(77)))
        try office.pass(.seconds(77))
        #expect(receiver.types == ["account.locked"])
    }

    @Test func followsNoRedirection() throws {
        let other = try WebhookReceiver()
        receiver.fail(next: 1, with: .status(308, headers: [(name: "Location", value: other.hookURL)]))
        try webhooks.api.lock(Self.reference)
        try office.pass()
        #expect(other.received == 0)
        #expect(try webhooks.rows().first?["failure"].string == "http_308: answered with 308")
    }

    @Test func goesOnAfterARestart() throws {
        receiver.fail(next: 1, with: .acceptThenHang)
        let hold = try webhooks.api.lock(Self.reference)
        try receiver.waitForReceived(count: 1)
        try webhooks.api.release(hold, of: Self.reference)
        let next = try WebhookOffice(after: webhooks)
        try next.office.pass()
        #expect(receiver.types == ["account.locked", "account.unlocked"] && receiver.duplicates == 1)
        #expect(Set(receiver.attempts.prefix(2).map(\.id)).count == 1 && receiver.violations.isEmpty)
    }

    // MARK: Never

    @Test func givesUpAfterThreeDaysTogetherWithWhatIsAsOld() throws {
        receiver.fail(next: 1000, with: .status(500))
        let begin = office.clock.now
        let first = try webhooks.api.lock(Self.reference)
        office.clock.advance(by: .milliseconds(1))
        try webhooks.api.release(first, of: Self.reference)
        try office.pass()
        var tries = 1
        while office.clock.now < begin.adding(.seconds(48 * 3600)) {
            try office.pass(try untilNextTry())
            tries += 1
        }
        #expect(tries == receiver.received && (8...10).contains(tries), "\(tries)")
        // Younger than what is given up with the first.
        try webhooks.api.lock(Self.reference)
        while try webhooks.rows("failed").isEmpty { try office.pass(try untilNextTry()) }
        #expect(office.clock.now >= begin.adding(.seconds(3 * 24 * 3600)))
        let third = office.clock.now
        // The second is one millisecond younger than the limit; it goes at its next attempts.
        try office.pass(.milliseconds(1))
        while try webhooks.rows("failed").count < 2 { try office.pass(try untilNextTry()) }
        #expect(office.clock.now < third.adding(.seconds(10)))
        let notes = try office.officeNotes("webhook_undelivered")
        #expect(notes.count == 1, "one an hour for each endpoint")
        #expect(notes[0]["text"].string?.contains("account.locked (evt_") == true && notes[0]["text"].string?.contains("http_500") == true)
        try office.waitForAlert(webhooks.slack, containing: "Not told by webhook: account.locked")
        receiver.recover()
        try office.pass(try untilNextTry())
        #expect(receiver.types == ["account.locked"] && receiver.events[0].data["hold"].string != first)
        #expect(try office.metric("webhooks", "undelivered") == 2)
    }

    @Test func stopsAtGoneUntilARestart() throws {
        receiver.fail(next: 1, with: .status(500))
        let hold = try webhooks.api.lock(Self.reference)
        try office.pass()
        try webhooks.api.release(hold, of: Self.reference)
        receiver.fail(next: 1, with: .status(410))
        try office.pass(.seconds(5))
        #expect(try webhooks.rows().map { $0["state"].string } == ["failed", "failed"], "what waited behind it is not told either")
        #expect(try office.officeNotes("webhook_undelivered").first?["text"].string?.contains("1 more that waited behind it") == true)
        try office.waitForAlert(webhooks.slack, containing: "webhook to 127.0.0.1:\(receiver.port)#")
        try webhooks.api.lock(Self.reference)
        try office.pass(.seconds(3600))
        #expect(try webhooks.rows().count == 2 && receiver.received == 2, "nothing more is kept for it")
        let next = try WebhookOffice(after: webhooks)
        try next.api.lock(Self.reference, kind: "fraud")
        try next.office.pass()
        #expect(receiver.events.map { $0.data["kind"].string } == ["fraud"])
    }

    @Test func tellsPeopleOfAWrongSecretAndGoesOnWithTheRightOne() throws {
        let wrong = try receiver.endpoint(secret: "whsec_" + "AAAA")
        let misled = try WebhookOffice(after: webhooks, endpoints: [wrong])
        try misled.api.lock(Self.reference)
        try misled.office.pass()
        #expect(receiver.events.isEmpty && receiver.violations.count == 1)
        let alert = try misled.office.waitForAlert(misled.slack, containing: "http_401")
        #expect(alert.contains("webhook to 127.0.0.1:\(receiver.port)#") && !alert.contains("AAAA"))
        let mended = try WebhookOffice(after: misled)
        try mended.office.pass(.seconds(5))
        #expect(receiver.types == ["account.locked"] && receiver.violations.count == 1)
    }

    @Test func givesUpWhatWaitsForAnEndpointThatWasTakenAway() throws {
        receiver.fail(next: 1, with: .status(500))
        try webhooks.api.lock(Self.reference)
        try office.pass()
        let waiting = 1200
        try copy(waiting, of: office)
        let other = try WebhookReceiver()
        let next = try WebhookOffice(after: webhooks, endpoints: [other.endpoint()])
        other.follow(next.office.clock)
        try next.office.pass(.seconds(5))
        #expect(try next.office.metric("webhooks", "undelivered") == Double(1 + waiting))
        #expect(try next.api.metric("vendlock_webhooks_waiting") == 0)
        let notes = try next.office.officeNotes("webhook_undelivered")
        #expect(notes.count == 1 && notes[0]["text"].string?.contains("it is not in the configuration any more") == true)
        try next.api.lock(Self.reference)
        try other.waitFor(count: 1)
        #expect(receiver.received == 1)
    }

    // MARK: At nobody else's cost

    @Test func letsNobodyWaitForAnEndpointThatHangs() throws {
        let silent = try (0..<12).map { _ in try WebhookReceiver() }
        let (graph, healthy) = (try GraphStandIn(), try WebhookReceiver())
        for one in silent { one.fail(next: 1000, with: .hang) }
        var messaging = MessagingConfiguration(whatsapp: graph.configuration)
        messaging.webhooks = try silent.map { try $0.endpoint() } + [healthy.endpoint()]
        let office = try ProviderOffice(messaging)
        healthy.follow(office.clock)
        try office.account()
        for _ in 0..<5 { try office.api.release(office.api.lock(Self.reference), of: Self.reference) }
        // Well before any of them is given up.
        for one in silent { try one.waitForReceived(count: 1, within: .seconds(5)) }
        try healthy.waitFor(count: 10, within: .seconds(5))
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), "/hooks/whatsapp")
        office.advance(.seconds(1))
        try graph.waitFor(count: 1, within: .seconds(5))
        try healthy.waitFor(count: 11, within: .seconds(5))
        #expect(silent.allSatisfy { $0.received == 1 }, "one at a time, in order")
    }

    /// Three days of 10,000 locks wait for an endpoint that is down.
    @Test func staysQuickWhileMuchWaits() throws {
        receiver.fail(next: 100_000, with: .status(500))
        try webhooks.api.lock(Self.reference)
        try office.pass()
        try copy(30_000, of: office)
        #expect(try webhooks.api.metric("vendlock_webhooks_waiting") == 30_001)
        #expect(try webhooks.api.metric("vendlock_outbox_waiting").map { $0 < 3 } == true, "they do not hide what waits for vendors")
        let (second, healthy) = ("87654321", try WebhookReceiver())
        healthy.follow(office.clock)
        let next = try WebhookOffice(after: webhooks, endpoints: [receiver.endpoint(), healthy.endpoint()])
        try next.api.addAccount(second)
        for _ in 0..<20 { try next.api.release(next.api.lock(second), of: second) }
        try healthy.waitFor(count: 40)
        let due = try next.office.server.store.read { try $0.dueOutbox(now: next.office.clock.now.adding(.seconds(86_400)), limit: 64) }
        #expect(due.count { $0.provider == "webhooks" } == 1, "what waits behind the first is not looked at")
        // The next look at the endpoint that is down costs one request.
        let received = receiver.received
        try next.office.pass(.seconds(5))
        #expect(receiver.received == received + 1)
    }

    /// More of what waits first, as after days: rows like it, behind it.
    private func copy(_ count: Int, of office: ProviderOffice) throws {
        try office.server.store.write { writer in
            guard
                var row = try writer.outbox(in: .waiting, changedBefore: Timestamp(unixMilliseconds: .max), limit: 10).first(where: {
                    $0.provider == "webhooks"
                })
            else { throw Failure("no webhook waits") }
            (row.attempts, row.notBefore, row.failure) = (0, row.createdAt, nil)
            for _ in 0..<count { try writer.enqueue(row) }
        }
    }
}
