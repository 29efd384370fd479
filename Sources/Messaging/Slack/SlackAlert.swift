package import Wire

/// Notices to the people who run the server, by an incoming webhook of Slack or of anything that takes its form.
/// - Source: Slack, "Sending messages using incoming webhooks" (errors), "Formatting text" (escaping), "Rate limits".
package enum SlackAlert {
    package static func request(url: String, text: String) -> ProviderRequest {
        var json = JSONObjectWriter(capacity: text.utf8.count + 16)
        json.field("text", escaped(text))
        // Slack would show it twice, which misleads nobody; an alert that is given up because its answer was lost could.
        return ProviderRequest(
            method: "POST", url: url, headers: [.init("Content-Type", "application/json")], body: json.finish(), isRepeatable: true)
    }

    /// The three characters that Slack reads as its own; no others may be escaped.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// - Parameter attempt: counted from 1.
    package static func outcome(of answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        switch answer.status {
        case 200..<300: return .accepted(id: nil)
        // A word says why: `invalid_payload`, `action_prohibited`, `channel_not_found`, `no_service`, `channel_is_archived`.
        case 400, 401, 403, 404, 410:
            let word = AnswerReading.detail(of: answer)
            let isCode = !word.isEmpty && word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
            return .refused(code: isCode ? word : "http_\(answer.status)", detail: word, alarm: true)
        default: return AnswerReading.failure(answer, detail: AnswerReading.detail(of: answer), attempt: attempt, now: now)
        }
    }
}
