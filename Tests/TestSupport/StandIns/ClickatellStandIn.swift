import HTTPServer
import Synchronization

/// In the place of Clickatell's platform.
///
/// - Source: github.com/clickatell/clickatell-php, docs.clickatell.com
package final class ClickatellStandIn: StandIn {
    private final class Account: Sendable {
        let apiKey: String
        let book = Mutex<(sent: [SentSMS], refused: [String: String])>(([], [:]))

        init(apiKey: String) { self.apiKey = apiKey }
    }

    private static let members: Set<String> = [
        "to", "content", "from", "binary", "clientMessageId", "scheduledDeliveryTime", "userDataHeader", "validityPeriod", "charset",
    ]

    package let server: StandInServer
    private let account: Account

    package init(apiKey: String = "clickatell-key==", port: UInt16 = 0) throws {
        let account = Account(apiKey: apiKey)
        self.account = account
        server = try StandInServer(
            port: port, services: [.init(.POST, "/messages") { (request) throws(Refusal) in try Self.check(request, account) }]
        ) { Self.error($0, "The requested resource was not found.") }
    }

    package var sent: [SentSMS] { account.book.withLock { $0.sent } }

    /// From now on the number is not accepted, for that reason; `nil` ends it.
    package func refuse(_ number: String, because reason: String?) { account.book.withLock { $0.refused[number] = reason } }

    private static func check(_ request: ReceivedRequest, _ account: Account) throws(Refusal) -> @Sendable () -> HTTPResponse {
        guard request.authorization == account.apiKey else { throw wrong(401, "Invalid or missing integration API Key.") }
        guard let json = request.json, case .object = json else {
            throw wrong(400, "The body is not a JSON object, or its Content-Type does not say so.")
        }
        for member in json.keys where !members.contains(member) { throw wrong(400, "Unknown parameter \(member).") }
        guard case .array(let listed) = json["to"], !listed.isEmpty else { throw wrong(400, "The parameter 'to' is not a list of numbers.") }
        var recipients: [String] = []
        for item in listed {
            // Digits of an international number, without a `+`.
            guard let number = item.string, isE164(number, plus: false) else { throw wrong(400, "Invalid destination address: \(item.text).") }
            recipients.append(number)
        }
        guard let content = json["content"].string, !content.isEmpty else { throw wrong(400, "The parameter 'content' is empty.") }
        for member in ["from", "clientMessageId", "charset"] where json.has(member) && json[member].string == nil {
            throw wrong(400, "The parameter '\(member)' is not a text.")
        }
        if let id = json["clientMessageId"].string, id.count > 100 { throw wrong(400, "The parameter 'clientMessageId' is too long.") }
        let from = json["from"].string
        let numbers = recipients
        return {
            let messages = numbers.map { number in
                account.book.withLock { book -> JSONValue in
                    if let reason = book.refused[number] {
                        return ["apiMessageId": .null, "accepted": false, "to": .string(number), "error": .string(reason)]
                    }
                    let sms = SentSMS(to: number, from: from, body: content, id: Identifiers.hex())
                    book.sent.append(sms)
                    return ["apiMessageId": .string(sms.id), "accepted": true, "to": .string(number), "error": .null]
                }
            }
            return .json(202, ["messages": .array(messages), "error": .null])
        }
    }

    private static func error(_ status: Int, _ words: String) -> HTTPResponse { .json(status, ["messages": [], "error": .string(words)]) }

    private static func wrong(_ status: Int, _ words: String) -> Refusal { Refusal(response: error(status, words), violation: words) }
}
