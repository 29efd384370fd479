import HTTPServer
import Synchronization
import Wire

/// The business number behind `GraphStandIn`: its book, its windows, its limits.
final class GraphAccount: Sendable {
    private struct Book {
        var sent: [GraphStandIn.Sent] = []
        var read: [String] = []
        var closedWindows: Set<String> = []
        var refused: [String: Int] = [:]
        /// Of each recipient: how many may still go, and as of when.
        var allowance: [String: (left: Double, at: ContinuousClock.Instant)] = [:]
    }

    let token: String
    let phoneNumberID: String
    let version: String?
    let templates: [String: Int]?
    private let pairLimit: GraphStandIn.PairLimit?
    private let onSent: (@Sendable (GraphStandIn.Sent) -> Void)?
    private let book = Mutex(Book())

    init(
        token: String, phoneNumberID: String, version: String?, templates: [String: Int]?, pairLimit: GraphStandIn.PairLimit?,
        onSent: (@Sendable (GraphStandIn.Sent) -> Void)?
    ) {
        self.token = token
        self.phoneNumberID = phoneNumberID
        self.version = version
        self.templates = templates
        self.pairLimit = pairLimit
        self.onSent = onSent
    }

    var sent: [GraphStandIn.Sent] { book.withLock { $0.sent } }
    var read: [String] { book.withLock { $0.read } }

    func setWindow(open: Bool, of recipient: String) {
        book.withLock { if open { $0.closedWindows.remove(Self.key(recipient)) } else { $0.closedWindows.insert(Self.key(recipient)) } }
    }

    func refuse(_ recipient: String, with code: Int?) { book.withLock { $0.refused[Self.key(recipient)] = code } }

    /// A number without its `+`; a user id as it is.
    static func key(_ recipient: String) -> String { recipient.hasPrefix("+") ? String(recipient.dropFirst()) : recipient }

    func markRead(_ wamid: String) { book.withLock { $0.read.append(wamid) } }

    /// What would be refused although the request is well made.
    func checkRecipient(_ recipient: String, isText: Bool) throws(Refusal) {
        let key = Self.key(recipient)
        let code: Int? = book.withLock { book in
            if let code = book.refused[key] { return code }
            if isText, book.closedWindows.contains(key) { return 131047 }
            guard let pairLimit else { return nil }
            let now = ContinuousClock.now
            let last = book.allowance[key] ?? (Double(pairLimit.burst), now)
            let left = min(Double(pairLimit.burst), last.left + (now - last.at) / pairLimit.interval)
            // The one that is refused costs nothing.
            book.allowance[key] = (left < 1 ? left : left - 1, now)
            return left < 1 ? 131056 : nil
        }
        if let code { throw Refusal(response: Self.error(code), violation: nil) }
    }

    func accept(to recipient: String, content: GraphStandIn.Sent.Content, context: String?, tag: String?) -> HTTPResponse {
        let wamid = Identifiers.wamid()
        let sent = book.withLock { book in
            let sent = GraphStandIn.Sent(
                number: book.sent.count + 1, time: Timestamp(unixMilliseconds: Int64(wallSeconds() * 1000)), to: Self.key(recipient),
                content: content, context: context, tag: tag, wamid: wamid, phoneNumberID: phoneNumberID)
            book.sent.append(sent)
            return sent
        }
        onSent?(sent)
        let isUserID = recipient.contains(".")
        let contact: JSONValue = [
            "input": .string(recipient), "wa_id": isUserID ? nil : .string(Self.key(recipient)), "user_id": isUserID ? .string(recipient) : nil,
        ]
        return .json(200, ["messaging_product": "whatsapp", "contacts": [contact], "messages": [["id": .string(wamid)]]])
    }

    /// Titles and HTTP statuses of the codes that a stand-in answers with.
    private static let known: [Int: (status: Int, title: String)] = [
        4: (400, "(#4) Application request limit reached"), 100: (400, "(#100) Invalid parameter"), 190: (401, "Authentication Error"),
        368: (403, "Temporarily blocked for policies violations"), 80007: (400, "(#80007) Rate limit issues"),
        130429: (400, "(#130429) Rate limit hit"), 131000: (500, "(#131000) Something went wrong"), 131005: (403, "(#131005) Access denied"),
        131008: (400, "(#131008) Required parameter is missing"), 131009: (400, "(#131009) Parameter value is not valid"),
        131016: (500, "(#131016) Service unavailable"), 131021: (400, "(#131021) Recipient cannot be sender"),
        131026: (400, "(#131026) Message undeliverable"), 131047: (400, "(#131047) Re-engagement message"),
        131048: (400, "(#131048) Spam rate limit hit"), 131051: (400, "(#131051) Unsupported message type"),
        131056: (400, "(#131056) (Business Account, Consumer Account) pair rate limit hit"),
        132000: (400, "(#132000) Number of parameters does not match the expected number of params"),
        132001: (404, "(#132001) Template name does not exist in the translation"), 133010: (400, "(#133010) Account not registered"),
    ]

    /// The provider's error object.
    static func error(_ code: Int, status: Int? = nil, _ details: String? = nil) -> HTTPResponse {
        let title = known[code]?.title ?? "(#\(code)) Error"
        return .json(
            status ?? known[code]?.status ?? 400,
            [
                "error": [
                    "message": .string(code == 190 ? details ?? title : title), "type": "OAuthException", "code": .integer(Int64(code)),
                    "error_data": code == 190 ? nil : ["messaging_product": "whatsapp", "details": .string(details ?? title)],
                    "fbtrace_id": .string("A" + String(Identifiers.hex().suffix(22))),
                ]
            ])
    }
}
