import FoundationEssentials
import HTTPServer
import Synchronization

/// In the place of Twilio's Messages resource.
///
/// - Source: www.twilio.com/docs/messaging/api/message-resource, www.twilio.com/docs/api/errors
package final class TwilioStandIn: StandIn {
    private final class Account: Sendable {
        let sid: String
        let token: String
        let book = Mutex<(sent: [SentSMS], refused: [String: Int])>(([], [:]))

        init(sid: String, token: String) {
            self.sid = sid
            self.token = token
        }
    }

    private static let words: [Int: (status: Int, message: String)] = [
        20003: (401, "Authenticate"), 20404: (404, "The requested resource was not found"), 20429: (429, "Too Many Requests"),
        21211: (400, "Invalid 'To' Phone Number"), 21212: (400, "Invalid 'From' Phone Number"),
        21408: (400, "Permission to send an SMS has not been enabled"),
        21602: (400, "Message body is required."), 21603: (400, "A 'From' phone number is required."),
        21604: (400, "A 'To' phone number is required."),
        21610: (400, "Attempt to send to unsubscribed recipient"), 21614: (400, "'To' number is not a valid mobile number"),
        21617: (400, "The concatenated message body exceeds the 1600 character limit."), 30001: (429, "Queue overflow"),
    ]

    package let server: StandInServer
    private let account: Account

    package init(sid: String = "AC00000000000000000000000000000001", token: String = "12345", port: UInt16 = 0) throws {
        let account = Account(sid: sid, token: token)
        self.account = account
        server = try StandInServer(
            port: port,
            services: [.init(.POST, "/2010-04-01/Accounts/{sid}/Messages.json") { (request) throws(Refusal) in try Self.check(request, account) }]
        ) { Self.error(20404, status: $0) }
    }

    package var sent: [SentSMS] { account.book.withLock { $0.sent } }

    /// From now on the number is refused: 21610 is what an opted-out one gets; `nil` ends it.
    package func refuse(_ number: String, with code: Int? = 21610) { account.book.withLock { $0.refused[number] = code } }

    private static func check(_ request: ReceivedRequest, _ account: Account) throws(Refusal) -> @Sendable () -> HTTPResponse {
        let credentials = Data("\(account.sid):\(account.token)".utf8).base64EncodedString()
        guard request.authorization == "Basic \(credentials)" else { throw wrong(20003, "Authorization") }
        guard request.parameter("sid") == account.sid else { throw wrong(20404, "another account's path") }
        guard let form = request.form else { throw wrong(21604, "the body is no form, or its Content-Type does not say so") }
        guard let to = form["To"], !to.isEmpty else { throw wrong(21604, "To") }
        guard isE164(to, plus: true) else { throw wrong(21211, "To=\(to)") }
        let service = form["MessagingServiceSid"]
        if let service {
            guard service.hasPrefix("MG"), service.utf8.count == 34 else { throw wrong(21603, "MessagingServiceSid=\(service)") }
        } else {
            guard let from = form["From"], !from.isEmpty else { throw wrong(21603, "From") }
            guard isSender(from) else { throw wrong(21212, "From=\(from)") }
        }
        guard let body = form["Body"], !body.isEmpty else { throw wrong(21602, "Body") }
        guard body.utf16.count <= 1600 else { throw wrong(21617, "Body of \(body.utf16.count)") }
        if let code = account.book.withLock({ $0.refused[to] }) { throw Refusal(response: error(code), violation: nil) }
        let from = form["From"]
        return {
            let sms = SentSMS(to: to, from: from ?? service, body: body, id: "SM" + Identifiers.hex())
            account.book.withLock { $0.sent.append(sms) }
            return .json(
                201,
                [
                    "sid": .string(sms.id), "account_sid": .string(account.sid), "api_version": "2010-04-01", "to": .string(to),
                    "from": from.map { .string($0) } ?? .null, "messaging_service_sid": service.map { .string($0) } ?? .null,
                    "body": .string(body), "status": .string(service == nil ? "queued" : "accepted"), "direction": "outbound-api",
                    "num_segments": .string("\(sms.segments)"), "num_media": "0", "error_code": .null, "error_message": .null, "price": .null,
                    "uri": .string("/2010-04-01/Accounts/\(account.sid)/Messages/\(sms.id).json"),
                ])
        }
    }

    private static func error(_ code: Int, status: Int? = nil) -> HTTPResponse {
        let known = words[code] ?? (400, "Error")
        return .json(
            status ?? known.status,
            [
                "code": .integer(Int64(code)), "message": .string(known.message), "more_info": .string("https://www.twilio.com/docs/errors/\(code)"),
                "status": .integer(Int64(status ?? known.status)),
            ])
    }

    private static func wrong(_ code: Int, _ what: String) -> Refusal {
        Refusal(response: error(code), violation: "\(code) \(words[code]?.message ?? ""): \(what)")
    }
}
