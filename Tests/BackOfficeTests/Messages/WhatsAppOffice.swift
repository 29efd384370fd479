import BackOffice
import Messaging
import Synchronization
import TestSupport
import Wire

/// A back office with WhatsApp's Cloud API behind it, a channel for alerts, and the telephone of a vendor in front.
final class WhatsAppOffice: Sendable {
    static let secret = "0123456789abcdef0123456789abcdef"
    static let verifyToken = "vendlock-verifies"
    /// Linked to every account that a test does not give another.
    static let number = "+27711234567"
    static let vendor: TestSupport.WhatsAppSender = "27711234567"
    static let stranger: TestSupport.WhatsAppSender = "27829999999"
    static let refusal =
        "This number and this wallet reference do not belong together. Nothing was locked. Send the message from the linked number, or call support."
    static let hint = "To lock your terminal, send Stop and your wallet reference, for example: Stop 12345678"
    static let resend = "Changed messages are not read. Please send it again as a new message."

    private static let common = Result { try WhatsAppOffice() }
    private static let lastVendor = Atomic<Int>(0)

    /// One for every test that needs no counts of its own; tests keep apart by their references and numbers.
    static var shared: WhatsAppOffice { get throws { try common.get() } }

    let server: InProcess
    let graph: GraphStandIn
    let slack: SlackStandIn

    /// - Parameter sends: without it the messages come in and nothing goes out.
    init(sends: Bool = true) throws {
        graph = try GraphStandIn()
        slack = try SlackStandIn()
        server = try InProcess(
            messaging: MessagingConfiguration(
                whatsapp: WhatsAppConfiguration(
                    appSecret: Self.secret, verifyToken: Self.verifyToken, accessToken: sends ? "graph-token" : nil, graphURL: graph.url),
                alertsURL: slack.webhookURL))
    }

    var api: API { server.api }
    var clock: ManualClock { server.clock }

    // MARK: What staff see

    @discardableResult
    func account(_ reference: String = "12345678", number: String = number, language: String = "en", channels: [String] = ["KazTimpaPro"]) throws
        -> String
    {
        let list = channels.map { "\"\($0)\"" }.joined(separator: ",")
        try api.must(
            201, "POST", "/v1/accounts",
            "{\"reference\":\"\(reference)\",\"owner\":{\"name\":\"Test Vendor\"},\"locked_channels\":[\(list)],\"linked_number\":\"\(number)\",\"language\":\"\(language)\"}"
        )
        return reference
    }

    /// An account that no other test has, and the telephone that is linked to it.
    func newVendor(language: String = "en", channels: [String] = ["KazTimpaPro"]) throws -> (reference: String, phone: String) {
        let number = Self.lastVendor.wrappingAdd(1, ordering: .relaxed).newValue
        let (reference, phone) = ("4\(1_000_000 + number)", "2776\(1_000_000 + number)")
        try account(reference, number: "+" + phone, language: language, channels: channels)
        return (reference, phone)
    }

    func holds(on reference: String = "12345678") throws -> [JSONValue] { try api.must(200, "GET", "/v1/accounts/\(reference)")["holds"].array }

    /// Newest first.
    func notes(_ kind: String, on reference: String = "12345678") throws -> [JSONValue] {
        try api.must(200, "GET", "/v1/accounts/\(reference)/notes?limit=200")["notes"].array.filter { $0["kind"].string == kind }
    }

    /// What came in for an account, newest first.
    func outcomes(_ reference: String = "12345678") throws -> [String] {
        try api.must(200, "GET", "/v1/accounts/\(reference)/messages")["received"].array.compactMap { $0["outcome"].string }
    }

    /// The outbox's newest rows in a state, newest first.
    func outbox(_ state: String? = nil) throws -> [JSONValue] {
        try api.must(200, "GET", "/v1/messages?limit=100" + (state.map { "&state=\($0)" } ?? ""))["messages"].array
    }

    func enforced(_ count: Int, on reference: String = "12345678") throws -> Bool {
        try api.must(200, "GET", "/v1/accounts/\(reference)/locks")["locks"][0]["terminals"].array.filter { $0.has("enforced_at") }.count == count
    }

    // MARK: What the vendor does and hears

    @discardableResult
    func post(_ webhook: Webhook) throws -> Reply { try webhook.post(to: api.port, "/hooks/whatsapp") }

    /// Sends a text, which must be taken.
    @discardableResult
    func say(_ text: String, from sender: TestSupport.WhatsAppSender = vendor, id: String? = nil) throws -> Reply {
        try taken(post(Webhooks.whatsApp(text: text, from: sender, id: id, secret: Self.secret)))
    }

    /// Sends messages in one body, which must be taken.
    @discardableResult
    func send(_ messages: [TestSupport.WhatsAppMessage], perChange: Int? = nil) throws -> Reply {
        try taken(post(Webhooks.whatsApp(messages, perChange: perChange, secret: Self.secret)))
    }

    /// Sends JSON with the signature that belongs to it.
    func send(body: String) throws -> Reply { try post(Webhooks.signedWhatsApp(body: Array(body.utf8), secret: Self.secret)) }

    private func taken(_ reply: Reply) throws -> Reply {
        guard reply.status == 200, reply.text == "ok" else { throw Failure("the webhook was answered with \(reply.status): \(reply.text)") }
        return reply
    }

    func texts(to recipient: String = "27711234567") -> [String] { graph.sent(to: recipient).compactMap(\.body) }

    /// The first alert with this text, once there is one.
    @discardableResult
    func alert(_ part: String) throws -> String {
        try eventually("an alert with '\(part)', there are \(slack.texts)") {
            try send([])
            return slack.texts.first { $0.contains(part) }
        }
    }

    // MARK: Time

    /// Moves the clock, lets what is due by then go out, and returns when nothing is due any more.
    func pass(_ duration: Duration) throws {
        clock.advance(by: duration)
        try settle()
    }

    /// Returns when everything that may be sent at this time, to this recipient or to all, has been sent.
    func settle(_ recipient: String? = nil) throws {
        // A webhook that brings nothing wakes the courier, which otherwise looks once a second.
        try send([])
        try eventually("an outbox in which nothing is due") {
            // One look, because a row may go from one state to the next between two.
            try outbox().allSatisfy { row in
                if let recipient, row["what"].string?.hasSuffix(recipient) != true { return true }
                switch row["state"].string {
                case "sending": return false
                case "waiting": return try clock.now < Self.time(row["next_try_at"])
                default: return true
                }
            }
        }
    }

    /// What the running server does every second, and what follows from it.
    func tick() throws {
        try server.backOffice.tick()
        try settle()
    }

    private static func time(_ value: JSONValue) throws -> Timestamp {
        guard let time = value.time else { throw Failure("not a time: \(value)") }
        return time
    }
}

extension JSONValue {
    /// A time of the API.
    var time: Timestamp? { string.flatMap { Timestamp($0) } }
}
