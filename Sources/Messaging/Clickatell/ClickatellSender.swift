package import Wire

/// Messages to Clickatell.
/// - Source: clickatell-php, `Rest::sendMessage` (request, answer); Clickatell, "One API: errors table" (codes, and the words of both interfaces).
package struct ClickatellSender: Sendable {
    private let url: String
    private let apiKey: String

    /// `nil` without a key: then nothing can be sent this way.
    package init?(configuration: ClickatellConfiguration) {
        guard let apiKey = configuration.apiKey, !apiKey.isEmpty else { return nil }
        url = configuration.url
        self.apiKey = apiKey
    }

    /// - Parameter tag: our own mark, which comes back in reports as `clientMessageId`.
    package func request(text: String, to address: ReplyAddress, tag: String? = nil) -> ProviderRequest {
        var json = JSONObjectWriter()
        json.field("to", [address.to.hasPrefix("+") ? String(address.to.dropFirst()) : address.to])
        json.field("content", text)
        if let tag { json.field("clientMessageId", tag) }
        return ProviderRequest(
            method: "POST", url: "\(url)/messages",
            headers: [.init("Authorization", apiKey), .init("Content-Type", "application/json"), .init("Accept", "application/json")],
            body: json.finish())
    }

    private struct Answer: Decodable {
        struct Message: Decodable {
            var apiMessageId: String?
            var accepted: Bool?
            var error: Failure?
        }

        var messages: [Message]?
        var error: Failure?
        var errorDescription: String?
    }

    /// A sentence, or `{"code":25,"description":"…"}`.
    private struct Failure: Decodable {
        struct Coded: Decodable {
            var code: Int?
            var description: String?
        }

        var code: Int?
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do {
                text = try container.decode(String.self)
            } catch DecodingError.typeMismatch {
                let coded = try container.decode(Coded.self)
                code = coded.code
                text = coded.description ?? ""
            }
        }
    }

    /// - Parameter attempt: counted from 1.
    package func outcome(of answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        let isSuccess = (200..<300).contains(answer.status)
        let body = AnswerReading.json(Answer.self, of: answer)
        let message = body?.messages?.first
        if isSuccess, message?.accepted == true { return .accepted(id: message?.apiMessageId) }
        if let failure = message?.error ?? body?.error {
            return Self.outcome(of: failure, answer, attempt: attempt, now: now)
        }
        let detail = AnswerReading.line(body?.errorDescription ?? String(decoding: answer.body, as: UTF8.self))
        // "The mobile number is blocked, delisted or cannot be routed."
        if answer.status == 410 { return .refused(code: "http_410", detail: detail, alarm: false) }
        return isSuccess ? .unreadable(answer) : AnswerReading.failure(answer, detail: detail, attempt: attempt, now: now)
    }

    private static func outcome(of failure: Failure, _ answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        let detail = AnswerReading.line(failure.text)
        guard let known = Known.allCases.first(where: { $0.means(failure.code, failure.text) }) else {
            let code = failure.code.map { "\($0)" }
            guard (200..<300).contains(answer.status) else {
                return AnswerReading.failure(answer, code: code, detail: detail, attempt: attempt, now: now)
            }
            return .refused(code: code ?? "not_accepted", detail: detail, alarm: true)
        }
        let code = failure.code.map { "\($0)" } ?? known.rawValue
        let asked = RetryAfter.duration(answer.retryAfter, now: now)
        switch known {
        case .key, .account, .integration, .address, .balance:
            return .retry(code: code, detail: detail, after: AnswerReading.untilPeopleAct, alarm: true)
        case .internalError: return .retry(code: code, detail: detail, after: asked, alarm: attempt >= AnswerReading.attemptsUntilAlarm)
        case .rateLimit: return .retry(code: code, detail: detail, after: asked, alarm: false)
        case .recipient, .optedOut, .tooLong: return .refused(code: code, detail: detail, alarm: false)
        }
    }

    /// The failures that are told apart. The interface of `/messages` has no codes, only their words.
    private enum Known: String, CaseIterable {
        case key = "invalid_api_key"
        case account = "account_inactive"
        case integration = "integration_inactive"
        case address = "ip_address"
        case balance = "insufficient_balance"
        case internalError = "internal_error"
        case rateLimit = "rate_limit"
        case recipient = "invalid_recipient"
        case optedOut = "opted_out"
        case tooLong = "too_long"

        private var codes: [Int] {
            switch self {
            case .key: [1]
            case .account: [2]
            case .integration: [3]
            case .address: [7]
            case .balance: [20]
            case .internalError: [18, 19]
            case .rateLimit: [43]
            case .recipient: [25]
            case .optedOut: [26]
            case .tooLong: [24, 100]
            }
        }

        private var words: [String] {
            switch self {
            case .key: ["api key", "authentication failed"]
            case .account: ["account is not active"]
            case .integration: ["integration is not active"]
            case .address: ["ip address", "ip lockdown"]
            case .balance: ["balance", "credit"]
            case .internalError: ["internal error"]
            case .rateLimit: ["rate limit", "too many requests"]
            case .recipient: ["invalid recipient", "invalid destination"]
            case .optedOut: ["opted out"]
            case .tooLong: ["content size exceeded", "message parts exceeded"]
            }
        }

        func means(_ code: Int?, _ text: String) -> Bool {
            if let code { return codes.contains(code) }
            let text = text.lowercased()
            return words.contains { text.contains($0) }
        }
    }
}
