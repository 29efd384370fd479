import TestSupport
import Testing

@Suite struct EventTests {
    private let server: ServerProcess
    private let terminal: TestTerminal
    private var api: API { server.api }

    init() throws {
        server = try ServerProcess()
        try server.api.addAccount("ACC-EVENTS")
        terminal = try TestTerminal.connected(server.api, account: "ACC-EVENTS")
    }

    private func refusals(_ reason: String = "account_locked") throws -> Double {
        try api.metric("vendlock_gate_refusals_total{reason=\"\(reason)\"}") ?? 0
    }

    private func acknowledged(_ events: [String]) throws -> Int64? {
        let reply = try terminal.eventsReply(events)
        #expect(reply.status == 200, "\(reply.text)")
        return reply.json["acknowledged"].integer
    }

    private static let refusal = #""operation":"airtime_vend","amount_cents":5000,"reason":"account_locked""#

    @Test func countsAnEventOnceHoweverOftenItIsSent() throws {
        let batch = [
            TestTerminal.event(1, "started"), TestTerminal.event(2, "gate_refused", Self.refusal),
            TestTerminal.event(3, "gate_refused", Self.refusal + #","count":10"#),
        ]
        #expect(try acknowledged(batch) == 3)
        #expect(try refusals() == 11)
        #expect(try acknowledged(batch) == 3)
        #expect(try acknowledged([batch[1]]) == 3)
        #expect(try acknowledged(batch + [TestTerminal.event(4, "gate_refused", Self.refusal)]) == 4)
        #expect(try refusals() == 12)
    }

    @Test func takesAGapInTheNumbers() throws {
        #expect(try acknowledged([TestTerminal.event(5, "started"), TestTerminal.event(9, "started")]) == 9)
        #expect(try acknowledged([TestTerminal.event(7, "gate_refused", Self.refusal)]) == 9)
        #expect(try refusals() == 0)
    }

    @Test func keepsAnAcknowledgedEventThroughACrash() throws {
        #expect(
            try acknowledged([
                TestTerminal.event(1, "gate_refused", Self.refusal), TestTerminal.event(2, "location", #""lat":-26.2678,"lon":27.8585"#),
            ]) == 2)
        try server.kill()
        let next = try server.successor()
        terminal.server = next.api.with(token: nil)
        let reply = try terminal.eventsReply([TestTerminal.event(2, "location", #""lat":1,"lon":1"#), TestTerminal.event(3, "started")])
        #expect(reply.json["acknowledged"].integer == 3)
        #expect(try next.api.get("/v1/devices/\(terminal.imei)").json["last_location"]["lat"].number == -26.2678)
    }

    private static let bad: [(String, [String])] = [
        ("unordered", [TestTerminal.event(2, "started"), TestTerminal.event(1, "started")]),
        ("twice", [TestTerminal.event(1, "started"), TestTerminal.event(1, "started")]),
        ("zero", [TestTerminal.event(0, "started")]), ("negative", [TestTerminal.event(-1, "started")]), ("none", []),
        ("no kind at all", [#"{"seq":1,"at":"2026-11-21T20:00:00Z","uptime_ms":1}"#]),
        ("empty kind", [TestTerminal.event(1, "")]),
        ("no time", [#"{"seq":1,"kind":"started","uptime_ms":1}"#]),
        ("a time that is none", [#"{"seq":1,"kind":"started","at":"yesterday","uptime_ms":1}"#]),
        ("a month that is none", [#"{"seq":1,"kind":"started","at":"2026-13-41T20:00:00Z","uptime_ms":1}"#]),
        ("a number too large", [#"{"seq":99999999999999999999,"kind":"started","at":"2026-11-21T20:00:00Z","uptime_ms":1}"#]),
        ("a text for a number", [TestTerminal.event(1, "gate_refused", #""amount_cents":"R5""#)]),
        ("too many", (1...257).map { TestTerminal.event($0, "started") }),
    ]

    @Test(arguments: bad) func refusesABadBatchWhole(_ what: String, _ events: [String]) throws {
        let reply = try terminal.eventsReply(events)
        #expect(reply.status == 400, "\(what): \(reply.text)")
        expectProblemForm(reply)
        // Nothing of it was kept: the same numbers are still free.
        #expect(try acknowledged([TestTerminal.event(1, "gate_refused", Self.refusal)]) == 1)
        #expect(try refusals() == 1)
    }

    @Test func survivesExtremeNumbers() throws {
        let extremes = #""amount_cents":9223372036854775807,"count":9223372036854775807,"reason":"account_locked","operation":"airtime_vend""#
        #expect(try acknowledged([TestTerminal.event(1, "gate_refused", extremes)]) == 1)
        #expect(try acknowledged([TestTerminal.event(2, "gate_refused", #""count":-9223372036854775808,"reason":"account_locked""#)]) == 2)
        for time in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-11-21T20:00:00+14:00"] {
            let reply = try terminal.eventsReply([#"{"seq":3,"kind":"started","at":"\#(time)","uptime_ms":-1}"#])
            #expect([200, 400].contains(reply.status), "\(time): \(reply.text)")
        }
        for time in ["9999999999-01-01T00:00:00Z", "99999-01-01T00:00:00Z"] {
            #expect(try terminal.eventsReply([#"{"seq":4,"kind":"started","at":"\#(time)","uptime_ms":1}"#]).status == 400, "\(time)")
        }
        // Counting on from the highest number there is would end in an overflow, on the terminal too.
        #expect(try terminal.eventsReply([TestTerminal.event(.max, "started")]).status == 400)
        #expect(try acknowledged([TestTerminal.event(1 << 53, "started")]) == 1 << 53)
        #expect(try api.get("/healthz").status == 200)
        #expect(try refusals() >= 2)
    }

    @Test func notesTampering() throws {
        #expect(
            try acknowledged([
                TestTerminal.event(1, "tamper", #""what":"state file altered""#), TestTerminal.event(2, "lease_rejected", #""why":"bad_signature""#),
            ]) == 2)
        let notes = try api.get("/v1/accounts/ACC-EVENTS/notes").json["notes"].array
        #expect(notes.filter { $0["kind"].string == "tamper" && $0["text"].string?.contains("state file altered") == true }.count == 1)
        #expect(notes.contains { $0["text"].string?.contains("bad_signature") == true })
        _ = try terminal.eventsReply([TestTerminal.event(1, "tamper", #""what":"state file altered""#)])
        #expect(try api.get("/v1/accounts/ACC-EVENTS/notes").json["notes"].array.count == notes.count, "a repeat is not noted again")
    }

    @Test func keepsWhatATerminalReportsThatNamedAnAccountThatThereIsNot() throws {
        let lost = try TestTerminal.connected(api, claims: "ACC-NOWHERE")
        let reply = try lost.eventsReply([TestTerminal.event(1, "tamper", #""what":"case opened""#)])
        #expect(reply.json["acknowledged"].integer == 1, "\(reply.text)")
        let thief = try TestTerminal(lost.imei, server: api)
        expectProblem(try thief.enrol(code: api.enrolmentCode(for: lost.imei)), 409, "already_enrolled")
        try api.must(201, "POST", "/v1/devices/\(lost.imei)/holds", #"{"kind":"fraud","reason":"r"}"#)
    }

    @Test func showsTheLastLocation() throws {
        let fix = #""lat":-33.9249,"lon":18.4241,"accuracy_m":12.5,"source":"gps","fixed_at":"2026-11-21T19:59:00Z","command":"geo-1""#
        _ = try acknowledged([
            TestTerminal.event(1, "location", #""lat":1,"lon":2"#), TestTerminal.event(2, "location", fix), TestTerminal.event(3, "started"),
        ])
        let location = try api.get("/v1/devices/\(terminal.imei)").json["last_location"]
        #expect(location["lat"].number == -33.9249 && location["lon"].number == 18.4241 && location["accuracy_m"].number == 12.5)
        #expect(location["source"].string == "gps")
        #expect(location["fixed_at"].string?.hasPrefix("2026-11-21T19:59:00") == true)
    }

    private static let cell = #""source":"cell","why":"no_gpsd","cell":{"mcc":"655","mnc":"01","tac":7936,"id":7985411,"radio":"lte"}"#

    /// A cell is no position: the last position stays what it was.
    @Test func showsTheLastCell() throws {
        _ = try acknowledged([
            TestTerminal.event(1, "location", #""lat":1,"lon":2"#), TestTerminal.event(2, "location", Self.cell),
            TestTerminal.event(3, "location", #""why":"no_fix""#),
        ])
        let device = try api.get("/v1/devices/\(terminal.imei)").json
        let cell = device["last_cell"]
        #expect(cell["mcc"].string == "655" && cell["mnc"].string == "01" && cell["tac"].integer == 7936 && cell["id"].integer == 7_985_411)
        #expect(cell["radio"].string == "lte" && !cell.has("lac") && cell.has("received_at"))
        #expect(device["last_location"]["lat"].number == 1)
        let locations = try api.get("/v1/devices/\(terminal.imei)/locations").json["locations"].array
        #expect(locations.map { $0["cell"]["id"].integer } == [nil, 7_985_411, nil])
        #expect(locations[1]["why"].string == "no_gpsd" && locations[1]["source"].string == "cell" && !locations[1].has("command"))
    }

    @Test(arguments: [#""cell":{"mcc":"65","mnc":"01","tac":7936,"id":7985411}"#, #""cell":"somewhere""#, #""cell":{"mcc":"655","mnc":"01","id":1}"#])
    func refusesACellThatIsNone(_ fields: String) throws {
        #expect(try terminal.eventsReply([TestTerminal.event(1, "location", fields)]).status == 400)
    }

    @Test(arguments: [
        ("imei_changed: the modem says 352099001761481", 1.0), ("sim_changed: the SIM card ends in 4567, the one before in 1234", 1),
        ("state_unreadable", 0),
    ])
    func tellsPeopleOfAnotherModem(_ what: String, _ alerts: Double) throws {
        func raised() throws -> Double { try api.metric("vendlock_alerts_total{kind=\"identity_changed\"}") ?? 0 }
        let before = try raised()
        #expect(try acknowledged([TestTerminal.event(1, "tamper", "\"what\":\"\(what)\"")]) == 1)
        #expect(try raised() - before == alerts)
        #expect(try api.get("/v1/accounts/ACC-EVENTS/notes").json["notes"].array.contains { $0["text"].string?.contains(what) == true })
        _ = try terminal.eventsReply([TestTerminal.event(1, "tamper", "\"what\":\"\(what)\"")])
        #expect(try raised() - before == alerts, "a repeat is nothing new")
    }

    @Test(arguments: ["started", "gate_refused", "enforced", "lease_rejected", "offline", "location", "tamper", "something_newer"])
    func takesEachKindAlsoWithoutItsFields(_ kind: String) throws {
        #expect(try acknowledged([TestTerminal.event(1, kind)]) == 1)
        #expect(try api.get("/v1/devices/\(terminal.imei)").status == 200)
    }

    @Test func makesNoLabelOfWhatATerminalMadeUp() throws {
        _ = try acknowledged([TestTerminal.event(1, "gate_refused", #""operation":"airtime_vend","reason":"a\"} 1\nfake_metric 1""#)])
        let text = try api.get("/metrics").text
        #expect(!text.contains("fake_metric"))
        #expect(try refusals("other") == 1)
    }

    @Test func takesTheLargestBatch() throws {
        #expect(try acknowledged((1...256).map { TestTerminal.event($0, "gate_refused", Self.refusal) }) == 256)
        #expect(try refusals() == 256)
    }
}
