import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// `GET /v1/messages` and `GET /v1/accounts/{ref}/messages`: what staff see of messages.
@Suite struct MessageListTests {
    private static let hook = "/hooks/whatsapp"

    private let graph: GraphStandIn
    private let office: ProviderOffice
    private var api: API { office.api }

    init() throws {
        graph = try GraphStandIn()
        office = try ProviderOffice(MessagingConfiguration(whatsapp: graph.configuration))
        try office.account()
    }

    private func say(_ text: String, from sender: TestSupport.WhatsAppSender = "27711234567") throws {
        try office.take(Webhooks.whatsApp(text: text, from: sender, secret: GraphStandIn.secret), Self.hook)
    }

    @Test func showsWhatCameAndWhatWasSent() throws {
        try office.take(
            Webhooks.whatsApp([.text("Stop 12345678", from: "27711234567", id: "wamid.A", time: 1_784_376_000)], secret: GraphStandIn.secret),
            Self.hook)
        try office.pass()
        let lists = try api.must(200, "GET", "/v1/accounts/12345678/messages")
        #expect(lists["received"].array.count == 1 && lists["sent"].array.count == 1)
        let (received, sent) = (lists["received"][0], lists["sent"][0])
        #expect(received["provider"] == "whatsapp" && received["id"] == "wamid.A" && received["sender"].string == ProviderOffice.vendor)
        #expect(received["outcome"] == "locked" && received["sent_at"] == "2026-07-18T12:00:00.000Z" && received.has("received_at"))
        #expect(sent["provider"] == "whatsapp" && sent["what"] == "lock report to 27711234567" && sent["account"] == "12345678")
        #expect(sent["state"] == "sent" && sent["attempts"] == 1 && sent["provider_id"].string == graph.sent.first?.wamid)
        #expect(!sent.has("failure") && !sent.has("next_try_at"))
        #expect(try api.must(200, "GET", "/v1/messages")["messages"].array == [sent])
    }

    @Test func showsOnAnAccountOnlyWhatIsItsOwn() throws {
        try office.account("87654321", number: "+27711234568")
        try say("Stop 12345678")
        try say("Stop 99999999", from: "27829999999")
        try say("Stop 87654321", from: "27711234568")
        try office.pass()
        for reference in ["12345678", "87654321"] {
            let lists = try api.must(200, "GET", "/v1/accounts/\(reference)/messages")
            #expect(lists["received"].array.count == 1 && lists["sent"].array.count == 1)
            #expect(lists["sent"][0]["account"].string == reference)
        }
        #expect(try office.outbox().count == 3)
    }

    @Test func pagesFromTheNewest() throws {
        for number in 0..<7 { try say("Stop 9999999\(number)", from: .phone("2782\(1_000_000 + number)")) }
        try office.pass()
        var numbers: [Int64] = []
        var path = "/v1/messages?limit=3"
        var pages = 0
        while true {
            let page = try api.must(200, "GET", path)
            numbers += page["messages"].array.compactMap { $0["number"].integer }
            pages += 1
            #expect(page["messages"].array.count <= 3)
            guard let next = page["next"].string else { break }
            path = "/v1/messages?limit=3&after=\(next)"
        }
        #expect(numbers.count == 7 && numbers == numbers.sorted(by: >) && Set(numbers).count == 7)
        #expect(pages == 3)
    }

    @Test func showsOnlyWhatIsInOneState() throws {
        graph.refuse("27711234567", with: 100)
        graph.refuse("27829999999", with: 130429)
        try say("Stop 12345678")
        try say("Stop 99999999", from: "27829999999")
        try say("Stop 99999999", from: "27829999998")
        try office.pass()
        for (state, recipient) in [("failed", "27711234567"), ("waiting", "27829999999"), ("sent", "27829999998")] {
            #expect(try office.outbox(state).map { $0["what"].string?.hasSuffix(recipient) } == [true])
        }
        for state in ["sending", "delivered", "read"] { #expect(try office.outbox(state).isEmpty) }
        #expect(try office.outbox("waiting").first?.has("next_try_at") == true)
        #expect(try api.must(200, "GET", "/v1/accounts/12345678/messages?state=waiting")["sent"].array.isEmpty)
        #expect(try api.must(200, "GET", "/v1/accounts/12345678/messages?state=failed")["sent"].array.count == 1)
    }

    /// Other systems are told far more than people are; who looks for a message must not have to look behind that.
    @Test func showsWhatOtherSystemsAreToldOnlyWhenAsked() throws {
        let receiver = try WebhookReceiver()
        var messaging = MessagingConfiguration(whatsapp: graph.configuration)
        messaging.webhooks = [try receiver.endpoint()]
        let office = try ProviderOffice(messaging)
        receiver.follow(office.clock)
        try office.account()
        try office.take(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: GraphStandIn.secret), Self.hook)
        for _ in 0..<4 { try office.api.release(office.api.lock("12345678"), of: "12345678") }
        try office.pass()
        for path in ["/v1/messages", "/v1/accounts/12345678/messages"] {
            func providers(_ query: String) throws -> [String] {
                let page = try office.api.must(200, "GET", "\(path)?limit=3\(query)")
                return page[path == "/v1/messages" ? "messages" : "sent"].array.compactMap { $0["provider"].string }
            }
            #expect(try providers("") == ["whatsapp"])
            #expect(try providers("&provider=whatsapp") == ["whatsapp"])
            // They belong to no account's list.
            #expect(try providers("&provider=webhooks") == Array(repeating: "webhooks", count: path == "/v1/messages" ? 3 : 0))
            #expect(try providers("&provider=webhooks&state=failed") == [])
            #expect(try providers("&provider=twilio") == [])
        }
        let described = try office.api.get("/openapi.json").json["paths"]["/v1/messages"]["get"]["parameters"].array
        #expect(described.first { $0["name"] == "provider" }?["description"].string?.contains("webhooks") == true)
    }

    @Test(arguments: ["state=lost", "state=", "limit=0", "limit=201", "limit=x", "limit=-1", "after=x", "after=1.5", "provider=", "provider=slack"])
    func refusesAQueryThatSaysNothing(_ query: String) throws {
        for path in ["/v1/messages", "/v1/accounts/12345678/messages"] { expectProblem(try api.get("\(path)?\(query)"), 400, "invalid_query") }
    }

    @Test func refusesAnAccountThatIsNotThere() throws {
        expectProblem(try api.get("/v1/accounts/99999999/messages"), 404, "account_not_found")
        expectProblem(try api.get("/v1/accounts/x/messages"), 400, "invalid_reference")
    }

    @Test(arguments: [
        ("call_centre", 200), ("senior", 200), ("auditor", 200), ("admin", 200), ("field_agent", 200), ("switch", 403),
    ])
    func isForThoseWhoMayRead(_ role: String, _ status: Int) throws {
        let caller = try api.issueToken(role: role, name: "someone")
        for path in ["/v1/messages", "/v1/accounts/12345678/messages"] { #expect(try caller.get(path).status == status, "\(path)") }
    }

    @Test func isForNobodyWithoutAToken() throws {
        for path in ["/v1/messages", "/v1/accounts/12345678/messages"] {
            expectProblem(try api.with(token: nil).get(path), 401, "unauthorized")
        }
    }

    /// Neither texts nor what lets somebody else send in our name.
    @Test func showsNoTextAndNoSecret() throws {
        graph.fail(next: 1, with: .status(401, body: #"{"error":{"message":"Malformed access token graph-token","code":190}}"#))
        try say("Stop 12345678 ")
        try say("Why do my airtime vends fail? Please stop", from: "27829999999")
        try office.pass()
        for path in ["/v1/messages", "/v1/accounts/12345678/messages"] {
            let text = try api.get(path).text
            for secret in ["graph-token", GraphStandIn.secret, "airtime", "Why do", "Stop 12345678", "To lock your terminal", "has been locked"] {
                #expect(!text.contains(secret), "\(secret)")
            }
        }
    }

    @Test func showsNoAddressOfTheAlerts() throws {
        let secret = "XXXXXXXXXXXXXXXXXXXXXXXX"
        let closed = try SlackStandIn()
        closed.stop()
        let office = try ProviderOffice(MessagingConfiguration(whatsapp: graph.configuration, alertsURL: closed.webhookURL))
        #expect(try office.post(Webhooks.whatsApp(text: "Stop 12345678", from: "27711234567", secret: "another"), Self.hook).status == 403)
        let row = try eventually("an alert that could not go") {
            try office.api.must(200, "GET", "/v1/messages")["messages"].array.first { $0.has("failure") }
        }
        #expect(row["provider"] == "alerts" && row["what"] == "alert")
        #expect(!row.text.contains(secret) && !row.text.contains("services"))
    }
}
