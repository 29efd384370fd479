import Wire

/// What the answers of all SMS providers and of Slack have in common.
enum AnswerReading {
    /// How long to wait for people to set right a key, an account or a balance.
    static let untilPeopleAct: Duration = .seconds(300)
    /// From this attempt on a failure of the provider itself is worth people's attention.
    static let attemptsUntilAlarm = 5
    /// More of an answer than this is no use in a note.
    private static let longestDetail = 200

    /// The meaning of an HTTP status that is no success, where the body does not say more.
    /// - Parameter code: the provider's own code; absent: the status is the code.
    /// - Source: RFC 9110 section 15, RFC 6585 section 4.
    static func failure(_ answer: ProviderAnswer, code: String? = nil, detail: String, attempt: Int, now: Timestamp) -> SendOutcome {
        let code = code ?? "http_\(answer.status)"
        let asked = RetryAfter.duration(answer.retryAfter, now: now)
        switch answer.status {
        case 401, 402, 403: return .retry(code: code, detail: detail, after: max(asked ?? untilPeopleAct, untilPeopleAct), alarm: true)
        case 408, 425, 429: return .retry(code: code, detail: detail, after: asked, alarm: false)
        case 500...: return .retry(code: code, detail: detail, after: asked, alarm: attempt >= attemptsUntilAlarm)
        default: return .refused(code: code, detail: detail, alarm: true)
        }
    }

    /// The body as JSON of this shape; `nil` when it is not, for example a proxy's page: then the status alone speaks.
    static func json<Value: Decodable>(_ type: Value.Type, of answer: ProviderAnswer) -> Value? {
        do { return try JSON.decode(type, from: answer.body) } catch { return nil }
    }

    /// The body in words for staff: one line, not too long.
    static func detail(of answer: ProviderAnswer) -> String { line(String(decoding: answer.body, as: UTF8.self)) }

    static func line(_ text: String) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(longestDetail))
    }
}
