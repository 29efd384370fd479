import Foundation
import TestSupport
import Testing

/// The call centre's two long ways on real processes, each step typed at the command line by whoever does it: server, agents, gpsd, mail, WhatsApp's stand-in.
@Suite struct RequestTests {
    private static let secret = "0123456789abcdef0123456789abcdef"
    private static let vendor = "+27711234567"
    private static let shop = (lat: -26.2400, lon: 27.9000)

    /// The office and its people, each with a token of their own.
    private final class Office {
        let graph: GraphStandIn
        let server: ServerProcess
        let directory: TemporaryDirectory
        var api: API { server.api }

        init() throws {
            graph = try GraphStandIn(pairLimit: nil)
            directory = try TemporaryDirectory()
            server = try ServerProcess(
                configuration: """
                    { "whatsapp": { "app_secret": "\(RequestTests.secret)", "access_token": "graph-token",
                        "phone_number_id": "200000000000002", "graph_url": "\(graph.url)" },
                      "email": { "address": "help@vendor.example", "secret": "\(RequestTests.secret)", "authserv_id": ["mx.vendor.example"] } }
                    """)
            for (name, role) in [("desk", "call_centre"), ("senior", "senior"), ("agent", "field_agent")] {
                guard let token = try api.issueToken(role: role, name: name).token else { throw Failure("no token for \(name)") }
                _ = try directory.write(token, to: name)
            }
        }

        func account(_ reference: String, channels: String) throws {
            try api.must(
                201, "POST", "/v1/accounts",
                """
                {"reference":"\(reference)","linked_number":"\(RequestTests.vendor)","locked_channels":[\(channels)],
                 "owner":{"name":"Nomsa","surname":"Dlamini","address":"12 Vilakazi Street, Orlando West","id_number":"8001015009087",
                          "email":"nomsa@shop.example"}}
                """)
        }

        /// One command of one person; its output.
        @discardableResult
        func type(_ who: String, _ words: String..., status: Int32 = 0) throws -> String {
            let end = try Programs.run(
                Programs.server, words, environment: ["VENDLOCK_URL": api.url, "VENDLOCK_TOKEN_FILE": directory.file(who)])
            guard end.status == status else { throw Failure("\(who): \(words): \(end.status): \(end.output)\(end.errors)") }
            return end.output + end.errors
        }

        func ticket(in output: String) throws -> String {
            guard let found = output.firstMatch(of: /VL-[0-9]+/) else { throw Failure("no ticket in \(output)") }
            return String(found.output)
        }

        func request(_ ticket: String) throws -> JSONValue { try api.must(200, "GET", "/v1/requests/\(ticket)") }

        /// The templates that went to the vendor.
        func told(_ count: Int) throws -> [String] {
            try graph.waitFor(count: count)
            return graph.sent.map { $0.template.map { String($0.dropFirst("vendlock_".count)) } ?? "text" }
        }
    }

    /// Asked for on the telephone, so by the wrong way; then by e-mail; the shop has moved; level 1, the field agent, level 2.
    @Test func aSecondChannelForAShopThatHasMoved() throws {
        let office = try Office()
        let receiver = try NMEASource(Self.shop)
        try office.account("MOVED-1", channels: #""KazTimpaPro""#)
        let terminal = try AgentProcess(Names.imei(), on: "KazTimpaPro", server: office.api.url)
        terminal.gpsd = "127.0.0.1:\(receiver.port)"
        try office.api.addDevice(terminal.imei, account: "MOVED-1")
        try terminal.enrol(code: office.api.enrolmentCode(for: terminal.imei))
        try terminal.start()
        try terminal.waitUntilItPermits()
        // The mobile application, which is registered nowhere.
        let mobile = try AgentProcess.running(office.api, on: "KazAndroid", claims: "MOVED-1")
        try mobile.waitUntilItRefuses("channel_not_permitted")
        #expect(try office.api.notes(on: "MOVED-1").contains { $0.contains(mobile.imei) && $0.contains("channel_not_permitted") })

        // By telephone: the vendor is told to write an e-mail, and nothing goes on before it comes.
        let opened = try office.type(
            "desk", "request", "open", "multiple_channel_access", "--account", "MOVED-1", "--source", "phone", "--channel", "KazAndroid")
        let ticket = try office.ticket(in: opened)
        #expect(try office.told(1) == ["request_email_needed"])
        try office.type("desk", "request", "answer", ticket, "--name", "Nomsa", "--owner", "yes", status: 1)
        let mail = MailMaker.make(
            from: "Nomsa Dlamini <nomsa@shop.example>", to: "help@vendor.example", subject: "second channel \(ticket)",
            text: "My shop is now in Rockville.",
            results: [MailMaker.passed(by: "mx.vendor.example", domain: "shop.example")])
        let taken = try office.api.with(token: Self.secret).call("POST", "/hooks/email", bytes: mail, headers: ["Content-Type: message/rfc822"])
        #expect(taken.status == 200 && taken.json["ticket"].string == ticket)
        #expect(try office.request(ticket)["step"].string == "level_1")

        // Level 1 asks without seeing what the answers must be.
        let desk = try office.api.with(token: String(contentsOfFile: office.directory.file("desk"), encoding: .utf8))
        let seen = try desk.get("/v1/accounts/MOVED-1").text + desk.get("/v1/requests/\(ticket)").text
        for stored in ["Dlamini", "Vilakazi", "8001015009087", terminal.imei] {
            #expect(!seen.contains(stored), "\(stored) is hidden until it is answered")
        }
        try office.type(
            "desk", "request", "answer", ticket, "--name", "nomsa", "--surname", "DLAMINI", "--address", "12 Vilakazi str. Orlando West",
            "--id-number",
            "800101 5009 087", "--imei", terminal.imei, "--owner", "yes", "--new-address", "4 Moroka Road, Rockville")
        #expect(try office.request(ticket)["step"].string == "visit")
        try office.type("senior", "request", "approve", ticket, "--note", "too early", status: 1)

        // The field agent is there; the terminal itself says where it is, by its lease and gpsd.
        try eventually("the visit to satisfy", within: .seconds(60)) {
            if try office.request(ticket)["step"].string == "level_2" { return true }
            let waiting = try office.api.must(200, "GET", "/v1/visits?account=MOVED-1")["visits"].array.contains { $0["state"].string == "waiting" }
            // It may have been settled since the first look.
            if !waiting, try office.request(ticket)["step"].string == "visit" {
                try office.type(
                    "agent", "request", "visit", ticket, "--lat", "-26.2401", "--lon", "27.9001", "--accuracy", "15", "--imei", terminal.imei)
            }
            return false
        }
        let visit = try #require(try office.api.must(200, "GET", "/v1/visits?account=MOVED-1")["visits"].array.first)
        #expect(try visit["state"].string == "satisfied" && (5...30).contains(try #require(visit["distance_m"].number)), "\(visit)")

        // Level 2: not whoever asked, and the channel in use stays selected. Both terminals hear of it at once.
        try office.type("desk", "request", "approve", ticket, "--note", "mine", status: 1)
        try office.type("senior", "request", "approve", ticket, "--note", "answers read again")
        try mobile.waitUntilItPermits()
        #expect(terminal.permits())
        let account = try office.api.must(200, "GET", "/v1/accounts/MOVED-1")
        #expect(account["locked_channels"].strings == ["KazTimpaPro", "KazAndroid"])
        #expect(account["owner"]["address"].string == "4 Moroka Road, Rockville")
        #expect(try office.api.notes(on: "MOVED-1").contains("\(ticket) multiple channel access"))
        let told = try office.told(5)
        #expect(
            told.filter { $0 != "request_visit_failed" } == [
                "request_email_needed", "request_opened", "request_visit_needed", "request_visit_done", "channel_opened",
            ])
        #expect(office.graph.violations.isEmpty, "\(office.graph.violations)")

        // A channel that is removed again stops its terminal within the time to lock.
        try office.api.must(
            200, "PUT", "/v1/accounts/MOVED-1/locked-channels", #"{"channels":["KazTimpaPro"],"ticket":"\#(ticket)","force_reason":"a test"}"#)
        try mobile.waitUntilItRefuses("channel_not_permitted")
        #expect(terminal.permits())
        _ = try Self.audit(office)
    }

    /// From the vendor's Stop to the reopened account: the stolen terminal is written off, the other sells again.
    @Test func aTheftFromStopToTheReopenedAccount() throws {
        let office = try Office()
        try office.account("THEFT-1", channels: #""KazTimpaPro","KazAndroid""#)
        let stolen = try AgentProcess.running(office.api, account: "THEFT-1")
        let mobile = try AgentProcess.running(office.api, on: "KazAndroid", claims: "THEFT-1")
        for agent in [stolen, mobile] { try agent.waitUntilItPermits() }

        #expect(
            try Webhooks.whatsApp([.text("Stop THEFT-1", from: "27711234567")], secret: Self.secret).post(to: office.server.port, "/hooks/whatsapp")
                .status == 200)
        for agent in [stolen, mobile] { try agent.waitUntilItRefuses("account_locked") }
        #expect(try office.api.authorizes(mobile, "airtime_vend", on: "THEFT-1")["reason"].string == "account_locked")

        let ticket = try office.ticket(
            in: office.type(
                "desk", "request", "open", "unlock_after_theft", "--account", "THEFT-1", "--source", "phone", "--text", "stolen at the taxi rank"))
        try office.type(
            "desk", "request", "answer", ticket, "--name", "Nomsa", "--surname", "Dlamini", "--address", "12 Vilakazi Street Orlando West",
            "--id-number",
            "8001015009087", "--imei", stolen.imei, "--owner", "yes")
        #expect(try office.request(ticket)["step"].string == "terminals")
        try office.type("desk", "request", "terminals", ticket, "\(stolen.imei)=written-off", "--note", "case 55/11 at Orlando")
        // Nobody but a senior, and before that everything stays shut.
        try office.type("desk", "request", "approve", ticket, "--note", "please", status: 1)
        for agent in [stolen, mobile] { #expect(!agent.permits()) }
        try office.type("senior", "request", "approve", ticket, "--note", "owner verified")

        try mobile.waitUntilItPermits()
        try stolen.waitUntilItRefuses("device_decommissioned")
        #expect(try office.api.authorizes(mobile, "airtime_vend", on: "THEFT-1")["permitted"].bool == true)
        #expect(try office.api.authorizes(stolen, "airtime_vend", on: "THEFT-1")["permitted"].bool == false)
        #expect(try office.request(ticket)["outcome"].string == "approved")
        try office.graph.waitFor(count: 4)
        // The vendor wrote to us, so free text goes: what is said, not which template.
        let last = try #require(office.graph.sent.last?.body)
        #expect(last.contains(ticket) && last.contains("is open again"), "\(last)")
        #expect(office.graph.violations.isEmpty, "\(office.graph.violations)")
        _ = try Self.audit(office)
    }

    /// Every note of the way stands in its chain.
    private static func audit(_ office: Office) throws -> String {
        _ = try office.server.stop()
        let end = try Programs.run(Programs.server, ["audit", "verify", "--data", office.server.data])
        guard end.status == 0 else { throw Failure("audit verify: \(end.output)\(end.errors)") }
        return end.output
    }
}
