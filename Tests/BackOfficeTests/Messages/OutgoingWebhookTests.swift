import BackOffice
import Messaging
import Store
import Synchronization
import TestSupport
import Testing
import Wire

/// What other systems are told, and what not.
@Suite struct OutgoingWebhookTests {
    private static let reference = ProviderOffice.reference
    private static let holds = "/v1/accounts/12345678/holds"

    private static func expect(_ event: WebhookReceiver.Event, _ type: String, _ data: JSONValue, _ place: SourceLocation = #_sourceLocation) {
        #expect(event.type == type, sourceLocation: place)
        #expect(event.data == data, sourceLocation: place)
        #expect(event.json.keys.sorted() == ["data", "timestamp", "type"], sourceLocation: place)
    }

    // MARK: Each event

    @Test func tellsOfALockItsConfirmationAndItsEnd() throws {
        let webhooks = try WebhookOffice()
        let (office, receiver) = (webhooks.office, webhooks.receiver)
        let (terminal, revision) = try office.terminal()
        let begin = office.clock.now
        let hold = try webhooks.api.must(201, "POST", Self.holds, #"{"kind":"staff","reason":"stolen, says 0711234567"}"#)
        let id = try #require(hold["id"].string)
        let fraud = try webhooks.api.lock(Self.reference, kind: "fraud")
        office.clock.advance(by: .milliseconds(250))
        try terminal.confirm(after: revision)
        try receiver.waitFor(count: 4)
        try webhooks.api.release(id, of: Self.reference)
        try webhooks.api.release(fraud, of: Self.reference)
        try office.pass()
        let events = receiver.events
        #expect(
            receiver.types == [
                "account.locked", "account.locked", "account.enforced", "account.enforced", "account.unlocked", "account.unlocked",
            ])
        let first = events[0].data
        let placed = try #require(first["revision"].integer)
        #expect(placed > revision)
        let common: [String: JSONValue] = ["account": "12345678", "hold": .string(id), "kind": "staff", "source": "api"]
        Self.expect(events[0], "account.locked", .object(common.merging(["revision": .integer(placed), "locked": true]) { $1 }))
        #expect(events[0].json["timestamp"].string == begin.description)
        Self.expect(
            events[2], "account.enforced",
            .object(
                common.merging(["revision": .integer(placed), "imei": .string(terminal.imei), "time_to_lock_ms": 250]) { $1 }))
        #expect(events[3].data["hold"].string == fraud)
        #expect(events[4].data["hold"].string == id && events[4].data["locked"] == true, "the other hold stands")
        #expect(events[5].data["hold"].string == fraud && events[5].data["locked"] == false)
        let revisions = [0, 1, 4, 5].compactMap { events[$0].data["revision"].integer }
        #expect(revisions == revisions.sorted() && Set(revisions).count == 4)
        #expect(Set(events.map(\.id)).count == 6 && events.allSatisfy { $0.id.hasPrefix("evt_") })
        #expect(receiver.violations.isEmpty, "\(receiver.violations)")
        #expect(try webhooks.undescribed(events) == [])
        #expect(try office.metric("webhooks", "sent") == 6)
    }

    @Test func tellsOfADevice() throws {
        let webhooks = try WebhookOffice()
        let (terminal, revision) = try webhooks.office.terminal()
        let path = "/v1/devices/\(terminal.imei)/holds"
        let hold = try #require(try webhooks.api.must(201, "POST", path, #"{"kind":"staff","reason":"r"}"#)["id"].string)
        try terminal.confirm(after: revision)
        try webhooks.receiver.waitFor(count: 2)
        try webhooks.api.must(200, "DELETE", path + "/" + hold, #"{"note":"n"}"#)
        // A device of no account.
        let alone = Names.imei()
        try webhooks.api.addDevice(alone)
        try webhooks.api.must(201, "POST", "/v1/devices/\(alone)/holds", #"{"kind":"fraud","reason":"r"}"#)
        try webhooks.office.pass()
        let events = webhooks.receiver.events
        #expect(webhooks.receiver.types == ["device.locked", "device.enforced", "device.unlocked", "device.locked"])
        for event in events.prefix(3) {
            #expect(event.data["account"] == "12345678" && event.data["imei"].string == terminal.imei && event.data["hold"].string == hold)
        }
        #expect(events[1].data["time_to_lock_ms"].integer == 0 && events[2].data["locked"] == false)
        #expect(events[3].data["imei"].string == alone && !events[3].data.has("account"))
        #expect(try webhooks.undescribed(events) == [])
    }

    /// What was released before a terminal confirmed is not told as enforced.
    @Test func tellsNothingOfALateConfirmation() throws {
        let webhooks = try WebhookOffice([.accountEnforced, .accountUnlocked])
        let (terminal, revision) = try webhooks.office.terminal()
        let released = try webhooks.api.lock(Self.reference)
        let standing = try webhooks.api.lock(Self.reference, kind: "fraud")
        let lease = try terminal.poll(after: revision)
        try eventually("the delivery of both") {
            try webhooks.api.must(200, "GET", "/v1/accounts/12345678/locks")["locks"].array.allSatisfy {
                $0["terminals"].array[0].has("delivered_at")
            }
        }
        try webhooks.api.release(released, of: Self.reference)
        _ = try terminal.poll(after: lease.rev)
        try webhooks.receiver.waitFor(count: 2)
        try webhooks.office.pass()
        #expect(webhooks.receiver.types == ["account.unlocked", "account.enforced"])
        #expect(webhooks.receiver.events.map { $0.data["hold"].string } == [released, standing])
    }

    @Test func tellsOfChannelsAndNumbersWithoutTheNumber() throws {
        let webhooks = try WebhookOffice()
        let path = "/v1/accounts/NUMBER-1"
        try webhooks.api.addAccount("NUMBER-1")
        try webhooks.api.must(200, "PUT", path + "/locked-channels", #"{"channels":["KazTimpaX","KazangMobi"],"ticket":"T-1"}"#)
        try webhooks.api.must(200, "PATCH", path, #"{"linked_number":"+27711234569","language":"zu"}"#)
        try webhooks.api.must(200, "PATCH", path, #"{"language":"af"}"#)
        let change = try #require(
            try webhooks.api.must(201, "POST", path + "/number-changes", NumberOffice.body(to: "+27821234567"))["id"].string)
        let senior = try webhooks.api.issueToken(role: "senior", name: "thandi")
        try senior.must(200, "POST", path + "/number-changes/\(change)/approval", #"{"note":"n"}"#)
        try senior.must(200, "POST", path + "/number-changes/\(change)/cancellation", #"{"note":"n"}"#)
        try webhooks.office.pass()
        let all = webhooks.receiver.events
        let moved = all.filter { $0.data.has("ticket") }
        #expect(moved.map { $0.data["outcome"].string } == [nil, "approved", "cancelled"])
        #expect(moved.allSatisfy { $0.data["ticket"].string == "VL-1001" && $0.data["kind"].string == "linked_number_change" })
        #expect(moved.first?.data["step"].string == "level_2" && moved.first?.data["waiting_for"].string == "senior")
        let events = all.filter { !$0.data.has("ticket") }
        #expect(all.count == 7 && events.count == 4)
        let account = try webhooks.api.must(200, "GET", path)
        Self.expect(
            events[0], "account.channels_changed",
            [
                "account": "NUMBER-1", "channels": ["KazTimpaX", "KazangMobi"], "source": "api",
                "revision": .integer(account["revision"].integer ?? 0),
            ])
        #expect(events[1].data.keys.sorted() == ["account", "revision", "source"])
        #expect(try webhooks.undescribed(events) == [])
        #expect(events[2].data["number_change"].string == change && events[3].data["number_change"].string == change)
        for event in all {
            let text = String(decoding: event.body, as: UTF8.self)
            for part in ["2771123", "2782123", "Test Vendor", "SIM", "T-1"] { #expect(!text.contains(part), "\(text)") }
        }
    }

    @Test func tellsOfAStopByMessageWithoutItsWords() throws {
        let (graph, receiver) = (try GraphStandIn(), try WebhookReceiver())
        var messaging = MessagingConfiguration(whatsapp: graph.configuration)
        messaging.webhooks = [try receiver.endpoint()]
        let office = try ProviderOffice(messaging)
        receiver.follow(office.clock)
        try office.account()
        for _ in 0..<2 {
            try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), "/hooks/whatsapp")
        }
        try office.pass(.seconds(2))
        try receiver.waitFor(count: 1)
        #expect(receiver.types == ["account.locked"], "one hold, one event")
        let event = try #require(receiver.events.first)
        #expect(event.data["source"] == "whatsapp" && event.data["kind"] == "vendor")
        #expect(!String(decoding: event.body, as: UTF8.self).contains("27711234567"))
    }

    @Test func tellsOnlyWhatIsAskedFor() throws {
        let second = try WebhookReceiver(secret: "another secret, of plain text")
        let webhooks = try WebhookOffice([.accountUnlocked], others: [second.endpoint([.accountLocked, .deviceLocked])])
        second.follow(webhooks.office.clock)
        let hold = try webhooks.api.lock(Self.reference)
        try webhooks.api.release(hold, of: Self.reference)
        try webhooks.office.pass()
        #expect(webhooks.receiver.types == ["account.unlocked"] && second.types == ["account.locked"])
        #expect(second.violations.isEmpty, "\(second.violations)")
    }

    @Test func tellsNobodyWhereNobodyIsConfigured() throws {
        let slack = try SlackStandIn()
        let office = try ProviderOffice(MessagingConfiguration(alertsURL: slack.webhookURL))
        try office.account()
        try office.api.release(office.api.lock(Self.reference), of: Self.reference)
        #expect(try office.outbox().isEmpty)
    }

    // MARK: Nothing before it is durable

    @Test func tellsNothingOfWhatWasUndone() throws {
        let receiver = try WebhookReceiver()
        let undoing = Mutex<UndoingStore?>(nil)
        var messaging = MessagingConfiguration()
        messaging.webhooks = [try receiver.endpoint()]
        let server = try InProcess(
            messaging: messaging,
            around: { store in
                let made = UndoingStore(store)
                undoing.withLock { $0 = made }
                return made
            })
        receiver.follow(server.clock)
        try server.api.addAccount(Self.reference)
        // The courier writes only when something is due, and nothing is.
        undoing.withLock { $0?.undo(next: 1) }
        #expect(try server.api.post(Self.holds, #"{"kind":"staff","reason":"r"}"#).status >= 500)
        #expect(try server.store.read { try $0.outboxSummary(besides: []).open } == 0)
        let hold = try server.api.lock(Self.reference)
        // Refused: nothing was released.
        let desk = try server.api.issueToken(role: "call_centre", name: "desk")
        #expect(try desk.delete(Self.holds + "/" + hold, #"{"note":"n"}"#).status == 403)
        #expect(try server.api.delete(Self.holds + "/hold_none", #"{"note":"n"}"#).status == 404)
        try server.api.release(hold, of: Self.reference)
        try receiver.waitFor(count: 2)
        #expect(receiver.types == ["account.locked", "account.unlocked"] && receiver.events[0].data["hold"].string == hold)
    }

    // MARK: What nobody else may see

    @Test func showsNeitherSecretsNorPaths() throws {
        let webhooks = try WebhookOffice()
        webhooks.receiver.fail(next: 1, with: .status(401, body: "the secret is whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        webhooks.receiver.fail(next: 2, with: .hang)
        webhooks.receiver.fail(next: 1, with: .status(410))
        try webhooks.api.lock(Self.reference)
        for wait in [0, 5, 300, 1800] { try webhooks.office.pass(.seconds(wait)) }
        try webhooks.office.waitForAlert(webhooks.slack, containing: "timeout")
        let alert = try webhooks.office.waitForAlert(webhooks.slack, containing: "http_410")
        let seen = [
            alert, webhooks.slack.texts.joined(), try webhooks.api.get("/v1/messages").text, try webhooks.api.get("/v1/notes").text,
            try webhooks.api.get("/v1/accounts/12345678/notes").text, try webhooks.api.get("/metrics").text,
        ]
        for text in seen {
            for secret in ["MfKQ9r8GKYqr", "path-secret", "whsec_"] { #expect(!text.contains(secret), "\(text)") }
        }
        let row = try #require(try webhooks.rows().first)
        #expect(row["what"].string?.contains("account.locked (evt_") == true && row["what"].string?.contains("127.0.0.1") == true)
        #expect(!row.has("account"), "the account's own messages are those of its vendor")
    }

    // MARK: The program

    @Test func isConfiguredInTheServersFile() throws {
        let directory = try TemporaryDirectory()
        let (receiver, second) = (try WebhookReceiver(), try WebhookReceiver(secret: "plain text of a secret"))
        let secret = try directory.write(receiver.secret + "\n", to: "secret")
        let server = try ServerProcess(
            configuration: """
                { "webhooks": [
                  { "url": "\(receiver.hookURL)", "secret": { "file": "\(secret)" }, "events": ["account.locked", "request.moved"] },
                  { "url": "\(second.hookURL)", "secret": "\(second.secret)", "events": [] }
                ] }
                """)
        try server.api.addAccount(Self.reference)
        try server.api.release(server.api.lock(Self.reference), of: Self.reference)
        try second.waitFor(count: 2)
        try receiver.waitFor(count: 1)
        #expect(receiver.types == ["account.locked"] && second.types == ["account.locked", "account.unlocked"])
        #expect(receiver.violations.isEmpty && second.violations.isEmpty)
        #expect(receiver.events[0].id == second.events[0].id, "one event, one identifier")
        try server.stop()
        let log = server.process.errors
        #expect(log.contains("webhooks[1].secret is short"), "\(log)")
        for part in ["MfKQ9r8GKYqr", "path-secret", "plain text of a secret"] { #expect(!log.contains(part), "\(log)") }
    }
}
