import HTTPServer
import Synchronization

/// In the place of Africa's Talking's bulk SMS.
///
/// - Source: developers.africastalking.com/docs/sms/sending/bulk
package final class AfricasTalkingStandIn: StandIn {
    private final class Account: Sendable {
        let username: String
        let apiKey: String
        let book = Mutex<(sent: [SentSMS], refused: [String: Int])>(([], [:]))

        init(username: String, apiKey: String) {
            self.username = username
            self.apiKey = apiKey
        }
    }

    /// The states of a recipient in the answer.
    private static let words: [Int: String] = [
        100: "Processed", 101: "Success", 102: "Queued", 401: "RiskHold", 402: "InvalidSenderId", 403: "InvalidPhoneNumber",
        404: "UnsupportedNumberType",
        405: "InsufficientBalance", 406: "UserInBlacklist", 407: "CouldNotRoute", 409: "DoNotDisturbRejection", 500: "InternalServerError",
        501: "GatewayError", 502: "RejectedByGateway",
    ]

    package let server: StandInServer
    private let account: Account

    package init(username: String = "vendlock", apiKey: String = "at-key", port: UInt16 = 0) throws {
        let account = Account(username: username, apiKey: apiKey)
        self.account = account
        server = try StandInServer(
            port: port, services: [.init(.POST, "/version1/messaging") { (request) throws(Refusal) in try Self.check(request, account) }]
        ) { .plain($0, "The requested resource could not be found.") }
    }

    package var sent: [SentSMS] { account.book.withLock { $0.sent } }

    /// From now on the recipient gets that state in the answer: 406 is what an opted-out one gets; `nil` ends it.
    package func refuse(_ number: String, with code: Int? = 406) { account.book.withLock { $0.refused[number] = code } }

    private static func check(_ request: ReceivedRequest, _ account: Account) throws(Refusal) -> @Sendable () -> HTTPResponse {
        guard request.apiKey == account.apiKey else { throw wrong(401, "The supplied authentication is invalid", "apiKey") }
        guard let form = request.form else {
            throw wrong(415, "There was a problem with the requests Content-Type", "the body is no form, or its Content-Type does not say so")
        }
        for field in ["username", "to", "message"] where form[field]?.isEmpty != false {
            throw wrong(400, "Request is missing required form field '\(field)'", field)
        }
        guard form["username"] == account.username else { throw wrong(401, "The supplied authentication is invalid", "username") }
        // Without it the answer is XML.
        guard request.accept == "application/json" else { throw wrong(406, "Accept application/json to be answered in JSON", "Accept") }
        if let from = form["from"], !isSender(from) { throw wrong(400, "InvalidSenderId", "from=\(from)") }
        for flag in ["enqueue", "bulkSMSMode"] {
            if let value = form[flag], !["0", "1"].contains(value) { throw wrong(400, "Malformed form field '\(flag)'", flag) }
        }
        let recipients = (form["to"] ?? "").split(separator: ",").map(String.init)
        for number in recipients where !isE164(number, plus: true) {
            throw Refusal(response: answer([(number, 403, "None")]), violation: "InvalidPhoneNumber: to=\(number)")
        }
        let message = form["message"] ?? ""
        let from = form["from"]
        return {
            answer(
                recipients.map { number in
                    account.book.withLock { book in
                        if let code = book.refused[number] { return (number, code, "None") }
                        let sms = SentSMS(to: number, from: from, body: message, id: "ATXid_" + Identifiers.hex())
                        book.sent.append(sms)
                        return (number, 101, sms.id)
                    }
                })
        }
    }

    private static func answer(_ recipients: [(number: String, code: Int, id: String)]) -> HTTPResponse {
        let taken = recipients.count { $0.code < 200 }
        return .json(
            201,
            [
                "SMSMessageData": [
                    "Message": .string("Sent to \(taken)/\(recipients.count) Total Cost: ZAR 0.2000"),
                    "Recipients": .array(
                        recipients.map {
                            [
                                "statusCode": .integer(Int64($0.code)), "number": .string($0.number), "status": .string(words[$0.code] ?? "Failed"),
                                "cost": .string($0.code < 200 ? "ZAR 0.2000" : "0"), "messageId": .string($0.id),
                            ]
                        }),
                ]
            ])
    }

    private static func wrong(_ status: Int, _ words: String, _ what: String) -> Refusal {
        Refusal(response: .plain(status, words), violation: "\(words): \(what)")
    }
}
