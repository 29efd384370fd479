import FoundationEssentials
package import Signing
package import Wire

/// How another system is told of an event.
/// - Source: Standard Webhooks 1.0.0 (standardwebhooks.com), "Webhook headers", "Signature scheme", "Deliverability and reliability".
package enum StandardWebhook {
    /// - Parameters:
    ///   - id: of the event: the same at each attempt, because receivers go by it.
    ///   - body: the same bytes at each attempt.
    ///   - now: the time of this attempt.
    package static func request(to endpoint: WebhookEndpoint, id: String, body: [UInt8], now: Timestamp) throws(CryptoError) -> ProviderRequest {
        let seconds = String(now.unixSeconds)
        let code = try endpoint.key.code(of: Array("\(id).\(seconds).".utf8) + body)
        return ProviderRequest(
            method: "POST", url: endpoint.url,
            headers: [
                .init("Content-Type", "application/json"), .init("webhook-id", id), .init("webhook-timestamp", seconds),
                .init("webhook-signature", "v1," + Data(code).base64EncodedString()),
            ], body: body, isRepeatable: true)
    }

    /// What the answer means. Only 2xx is success, and only 410 is final; of a redirection people are to enter the new address.
    ///
    /// The answer's words are not kept: nobody knows what another system writes there.
    ///
    /// - Parameter attempt: counted from 1.
    package static func outcome(of answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        let code = "http_\(answer.status)"
        switch answer.status {
        case 200..<300: return .accepted(id: nil)
        case gone: return .refused(code: code, detail: "Gone: it wants no more. Nothing goes there until the server is restarted", alarm: true)
        default:
            let asked = RetryAfter.duration(answer.retryAfter, now: now).map { max($0, shortestPause) }
            let isOurs = (300..<500).contains(answer.status) && ![408, 409, 425, 429].contains(answer.status)
            return .retry(code: code, detail: "answered with \(answer.status)", after: asked, alarm: isOurs || isWorthAnAlarm(attempt))
        }
    }

    package static let gone = 410

    /// How long an event is worth telling.
    package static let longest = Duration.seconds(3 * 24 * 3600)
    /// However short a time the receiver asks for.
    private static let shortestPause = Duration.seconds(5)

    /// Whether people should hear that this attempt failed: some minutes of trouble mend themselves.
    package static func isWorthAnAlarm(_ attempt: Int) -> Bool { attempt >= 3 }

    /// The specification's example: ten attempts in three days.
    private static let pauses: [Duration] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map { .seconds($0) }

    /// How long to wait after so many attempts.
    ///
    /// - Parameter spread: up to a tenth less, so that what failed together does not come back together: 0 to 1.
    package static func pause(after attempts: Int, spread: Double) -> Duration {
        let whole = pauses[min(max(1, attempts), pauses.count) - 1]
        return whole - .milliseconds(Int64(Double(whole.components.seconds) * 100 * min(max(0, spread), 1)))
    }
}
