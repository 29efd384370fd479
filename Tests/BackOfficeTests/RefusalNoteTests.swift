import TestSupport
import Testing
import Wire

/// A device that keeps connecting while it is refused must not bury the account's other notes.
@Suite struct RefusalNoteTests {
    private let server: InProcess
    private let terminal: TestTerminal
    private var api: API { server.api }

    init() throws {
        server = try InProcess()
        try server.api.addAccount("ACC-REFUSED")
        terminal = try TestTerminal.enrolled(server.api, account: "ACC-REFUSED")
        try server.api.lock("ACC-REFUSED")
    }

    /// Newest first.
    private func refusals() throws -> [String] {
        try api.get("/v1/accounts/ACC-REFUSED/notes").json["notes"].array.filter { $0["kind"].string == "connection_refused" }.map {
            $0["text"].string ?? ""
        }
    }

    private func connect(times: Int = 1) throws {
        for _ in 0..<times { #expect(try terminal.connect(now: server.clock.now.unixSeconds).locked) }
    }

    @Test func writesOneNoteAnHourAndCountsTheOthers() throws {
        let start = server.clock.now.description.dropFirst(11).prefix(5)
        try connect(times: 5)
        server.clock.advance(by: .seconds(3599))
        try connect()
        #expect(try refusals().count == 1)
        server.clock.advance(by: .seconds(1))
        try connect(times: 3)
        let two = try refusals()
        #expect(two.count == 2)
        #expect(two[0].contains("account_locked; 5 more since \(start)"), "\(two[0])")
        #expect(!two[1].contains("more since"))
        server.clock.advance(by: .seconds(7200))
        try connect()
        #expect(try refusals().first?.contains("; 2 more since") == true)
        // A note that follows no silence has nothing to count.
        server.clock.advance(by: .seconds(3600))
        try connect()
        #expect(try refusals().first?.contains("more since") == false)
    }

    @Test func writesAtOnceWhatIsRefusedForAnotherReasonOrOnAnotherChannel() throws {
        try connect(times: 2)
        try api.must(201, "POST", "/v1/devices/\(terminal.imei)/holds", #"{"kind":"fraud","reason":"stolen"}"#)
        try connect(times: 2)
        #expect(try refusals().count == 2)
        let path = "/v1/devices/\(terminal.imei)/channels/KazangMobi2"
        for _ in 0..<2 {
            let token = try terminal.token(terminal.goodClaims(now: server.clock.now.unixSeconds))
            #expect(try terminal.connectReply(token: token, nonce: "n", on: path).status == 200)
        }
        #expect(try refusals().count == 3)
    }

    @Test func tellsEachAccountThatADeviceTries() throws {
        try api.addAccount("ACC-OTHER")
        try connect()
        terminal.claims = "ACC-OTHER"
        try connect()
        #expect(try refusals().count == 2, "the reasons differ: it is registered to another account")
        let stray = try TestTerminal.enrolled(api, claims: "ACC-REFUSED")
        try api.lock("ACC-OTHER")
        for claim in ["ACC-REFUSED", "ACC-OTHER"] {
            stray.claims = claim
            _ = try stray.connect(now: server.clock.now.unixSeconds)
        }
        let notes = try api.get("/v1/accounts/ACC-OTHER/notes").json["notes"].array
        #expect(notes.contains { $0["kind"].string == "connection_refused" && $0["text"].string?.contains(stray.imei) == true })
    }

    // MARK: Alerts

    private func alerts() throws -> Double { try api.metric(#"vendlock_alerts_total{kind="refused_connections"}"#) ?? 0 }

    @Test func alertsPeopleOfTheFifthWithinAnHourAndOnceAnHour() throws {
        try connect(times: 4)
        #expect(try alerts() == 0)
        // The first four are an hour old, or nearly.
        server.clock.advance(by: .seconds(3600))
        try connect()
        #expect(try alerts() == 0)
        server.clock.advance(by: .seconds(1800))
        try connect(times: 4)
        #expect(try alerts() == 1)
        try connect(times: 7)
        server.clock.advance(by: .seconds(3599))
        try connect(times: 5)
        #expect(try alerts() == 1)
        server.clock.advance(by: .seconds(1))
        try connect()
        #expect(try alerts() == 2)
    }

    @Test func countsEachAccountForItself() throws {
        try api.addAccount("ACC-OTHER")
        let other = try TestTerminal.enrolled(api, account: "ACC-OTHER")
        try api.lock("ACC-OTHER")
        try connect(times: 4)
        for _ in 0..<4 { #expect(try other.connect(now: server.clock.now.unixSeconds).locked) }
        #expect(try alerts() == 0)
        try connect()
        #expect(try alerts() == 1)
        #expect(try other.connect(now: server.clock.now.unixSeconds).locked)
        #expect(try alerts() == 2, "each has its own hour")
    }

    @Test func tellsThemWhichAccountDeviceAndChannel() throws {
        let office = try WhatsAppOffice()
        try office.account()
        let terminal = try TestTerminal.enrolled(office.api, account: "12345678")
        try office.api.lock("12345678")
        for _ in 0..<5 { try terminal.connect(now: office.clock.now.unixSeconds) }
        let text = try eventually("the alert") { office.slack.texts.first { $0.contains("refused within an hour") } }
        for part in ["12345678", terminal.imei, "KazTimpaPro", "account_locked"] { #expect(text.contains(part), "\(text)") }
    }
}
