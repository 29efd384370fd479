import BackOffice
import Messaging
import TestSupport

/// A back office with one vendor whose every detail is on record, a stand-in in WhatsApp's place, and its people, under a clock that the test moves.
final class RequestOffice {
    static let number = "+27711234567"
    static let email = "nomsa@shop.example"
    private static let secret = "a secret of these tests"

    let graph: GraphStandIn
    let office: InProcess
    /// Level 1.
    let desk: API
    /// Level 2: two people.
    let senior: API
    let other: API
    let agent: API
    let reference: String
    let imei: String

    var admin: API { office.api }
    var clock: ManualClock { office.clock }
    var path: String { "/v1/accounts/\(reference)" }

    init(channels: [String] = ["KazTimpaPro"], language: String = "en") throws {
        graph = try GraphStandIn()
        var messaging = MessagingConfiguration(
            whatsapp: WhatsAppConfiguration(
                appSecret: Self.secret, accessToken: "graph-token", phoneNumberID: "200000000000002", graphURL: graph.url))
        messaging.email = EmailConfiguration(address: "help@vendor.example", secret: "a secret for mail", trusted: ["mx.vendor.example"])
        office = try InProcess(messaging: messaging)
        desk = try office.api.issueToken(role: "call_centre", name: "desk")
        senior = try office.api.issueToken(role: "senior", name: "senior")
        other = try office.api.issueToken(role: "senior", name: "other")
        agent = try office.api.issueToken(role: "field_agent", name: "agent")
        reference = Names.reference()
        imei = Names.imei()
        let list = channels.map { "\"\($0)\"" }.joined(separator: ",")
        try office.api.must(
            201, "POST", "/v1/accounts",
            """
            {"reference":"\(reference)","linked_number":"\(Self.number)","language":"\(language)","locked_channels":[\(list)],
             "owner":{"name":"Nomsa","surname":"Dlamini-Müller","address":"12 Vilakazi Street, Orlando West, 1804","id_number":"8001015009087",
                      "email":"\(Self.email)"}}
            """)
        try office.api.addDevice(imei, account: reference)
    }

    // MARK: Requests

    /// - Parameter fields: JSON members beside kind and account.
    func open(_ kind: String, _ fields: String = "", source: String = "email", by caller: API? = nil) throws -> JSONValue {
        let rest = fields.isEmpty ? "" : "," + fields
        return try (caller ?? desk).must(
            201, "POST", "/v1/requests", #"{"kind":"\#(kind)","account":"\#(reference)","source":"\#(source)"\#(rest)}"#)
    }

    /// A second channel asked for from the address on record.
    func openChannel(_ channel: String = "KazAndroid", _ fields: String = "") throws -> String {
        let more = fields.isEmpty ? "" : "," + fields
        return try ticket(open("multiple_channel_access", #""channel":"\#(channel)","email":"\#(Self.email)"\#(more)"#))
    }

    func ticket(_ request: JSONValue) throws -> String {
        guard let ticket = request["ticket"].string else { throw Failure("a request without a ticket") }
        return ticket
    }

    func step(_ word: String, _ ticket: String, _ body: String = #"{"note":"asked the vendor"}"#, by caller: API? = nil) throws -> Reply {
        try (caller ?? desk).post("/v1/requests/\(ticket)/\(word)", body)
    }

    @discardableResult
    func must(_ word: String, _ ticket: String, _ body: String = #"{"note":"asked the vendor"}"#, by caller: API? = nil) throws -> JSONValue {
        let reply = try step(word, ticket, body, by: caller)
        guard reply.status == 200 else { throw Failure("\(word): \(reply.status) \(reply.text)") }
        return reply.json
    }

    func show(_ ticket: String, by caller: API? = nil) throws -> JSONValue { try (caller ?? desk).must(200, "GET", "/v1/requests/\(ticket)") }

    /// All right, written as people write.
    func rightAnswers(_ changes: [String: String] = [:], more: String = "") -> String {
        var answers = [
            "name": "NOMSA", "surname": "dlamini muller", "address": "12 Vilakazi Str Orlando West 1804", "id_number": "800101 5009 087",
            "imei": imei,
        ]
        answers.merge(changes) { $1 }
        let members = answers.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        return "{\(members),\"is_owner\":true\(more.isEmpty ? "" : "," + more)}"
    }

    /// The vendor's own message.
    func stop(id: String) throws {
        let message = TestSupport.WhatsAppMessage.text("Stop \(reference)", from: .phone(String(Self.number.dropFirst())), id: id)
        let reply = try Webhooks.whatsApp([message], secret: Self.secret).post(to: admin.port, "/hooks/whatsapp")
        guard reply.status == 200 else { throw Failure("webhook: \(reply.status) \(reply.text)") }
    }

    // MARK: What it led to

    var account: JSONValue { get throws { try admin.must(200, "GET", path) } }

    var channels: [String] { get throws { try account["locked_channels"].array.compactMap(\.string) } }

    func notes(_ kind: String) throws -> [JSONValue] {
        try admin.must(200, "GET", path + "/notes?limit=200")["notes"].array.filter { $0["kind"].string == kind }
    }

    /// Names of the templates that went to the vendor, in order: nobody has written to us, so only templates go.
    func told(_ count: Int) throws -> [String] {
        try graph.waitFor(count: count)
        guard graph.violations.isEmpty else { throw Failure("\(graph.violations)") }
        return graph.sent(to: Self.number).compactMap { $0.template }.map { String($0.dropFirst("vendlock_".count)) }
    }

    /// Time passes, and the server looks at it.
    func pass(_ duration: Duration) throws {
        clock.advance(by: duration)
        try office.backOffice.tick()
    }
}
