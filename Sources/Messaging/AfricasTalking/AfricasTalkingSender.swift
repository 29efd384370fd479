package import Wire

/// Messages to Africa's Talking.
/// - Source: Africa's Talking, "Bulk SMS" (sending, response and its status codes).
package struct AfricasTalkingSender: Sendable {
    private let configuration: AfricasTalkingConfiguration
    private let apiKey: String

    /// `nil` without a key: then nothing can be sent this way.
    package init?(configuration: AfricasTalkingConfiguration) {
        guard let apiKey = configuration.apiKey, !apiKey.isEmpty else { return nil }
        self.configuration = configuration
        self.apiKey = apiKey
    }

    package func request(text: String, to address: ReplyAddress) -> ProviderRequest {
        var form = FormData([.init("username", configuration.username), .init("to", address.to), .init("message", text)])
        if let from = configuration.from { form.fields.append(.init("from", from)) }
        return ProviderRequest(
            method: "POST", url: "\(configuration.url)/version1/messaging",
            headers: [
                .init("apiKey", apiKey), .init("Content-Type", "application/x-www-form-urlencoded"), .init("Accept", "application/json"),
            ], body: form.body)
    }

    private struct Answer: Decodable {
        struct Data: Decodable {
            var message: String?
            var recipients: [Recipient]?

            enum CodingKeys: String, CodingKey {
                case message = "Message"
                case recipients = "Recipients"
            }
        }

        struct Recipient: Decodable {
            var statusCode: Int
            var status: String?
            var messageId: String?
        }

        var data: Data

        enum CodingKeys: String, CodingKey {
            case data = "SMSMessageData"
        }
    }

    /// - Parameter attempt: counted from 1.
    package func outcome(of answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        guard let data = AnswerReading.json(Answer.self, of: answer)?.data else {
            if (200..<300).contains(answer.status) { return .unreadable(answer) }
            return AnswerReading.failure(answer, detail: AnswerReading.detail(of: answer), attempt: attempt, now: now)
        }
        guard let recipient = data.recipients?.first else {
            // `InvalidSenderId` and the like concern all recipients, so none is listed.
            let detail = AnswerReading.line(data.message ?? "")
            guard (200..<300).contains(answer.status) else { return AnswerReading.failure(answer, detail: detail, attempt: attempt, now: now) }
            return .refused(code: "no_recipient", detail: detail, alarm: true)
        }
        return Self.outcome(of: recipient, answer, attempt: attempt, now: now)
    }

    private static func outcome(of recipient: Answer.Recipient, _ answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        let code = "\(recipient.statusCode)", detail = AnswerReading.line(recipient.status ?? "")
        let asked = RetryAfter.duration(answer.retryAfter, now: now)
        switch recipient.statusCode {
        // Processed, sent, queued.
        case 100, 101, 102: return .accepted(id: recipient.messageId)
        // RiskHold, InvalidSenderId: the account, not the message.
        case 401, 402: return .refused(code: code, detail: detail, alarm: true)
        // InvalidPhoneNumber, UnsupportedNumberType, UserInBlacklist (opted out), CouldNotRoute, RejectedByGateway.
        case 403, 404, 406, 407, 502: return .refused(code: code, detail: detail, alarm: false)
        // InsufficientBalance: what waits goes out when it is paid.
        case 405: return .retry(code: code, detail: detail, after: AnswerReading.untilPeopleAct, alarm: true)
        // DoNotDisturbRejection: not at this time of the day.
        case 409: return .retry(code: code, detail: detail, after: asked ?? .seconds(3600), alarm: false)
        // InternalServerError, GatewayError.
        case 500, 501: return .retry(code: code, detail: detail, after: asked, alarm: attempt >= AnswerReading.attemptsUntilAlarm)
        default: return .refused(code: code, detail: detail, alarm: true)
        }
    }
}
