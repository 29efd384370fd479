/// One HTTP request to a provider, ready to be sent.
package struct ProviderRequest: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method: String
    package var url: String
    package var headers: [Header]
    package var body: [UInt8]?
    /// Whether sending it twice has the effect of sending it once: then an answer that never came is no reason to give up.
    package var isRepeatable: Bool

    package init(method: String, url: String, headers: [Header], body: [UInt8]? = nil, isRepeatable: Bool = false) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isRepeatable = isRepeatable
    }
}

/// A provider's HTTP answer.
package struct ProviderAnswer: Sendable, Equatable {
    package var status: Int
    /// The `Retry-After` field as it came (RFC 9110 section 10.2.3).
    package var retryAfter: String?
    package var body: [UInt8]

    package init(status: Int, retryAfter: String? = nil, body: [UInt8]) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}

/// What a provider's answer means for the message.
package enum SendOutcome: Sendable, Equatable {
    /// Taken; `id` is the provider's, by which it reports later.
    case accepted(id: String?)
    /// Not now. `after` is what the provider asks for; absent: the sender's own backoff. `alarm`: people must look.
    case retry(code: String, detail: String, after: Duration?, alarm: Bool)
    /// WhatsApp: the 24 hours after the recipient's last message are over; only a template may go.
    case outsideWindow
    /// The recipient cannot be reached this way (not on WhatsApp): another way may do.
    case unreachable(code: String, detail: String)
    /// Never. `alarm`: a fault of the configuration or the account with the provider, not of this message.
    case refused(code: String, detail: String, alarm: Bool)

    /// The code of a success that does not name what was taken, as a page of a gateway in between: nobody knows whether it was, so it is neither sent
    /// again nor taken for sent.
    package static let unreadableCode = "unreadable_answer"

    /// - Parameter clean: takes secrets out of the answer's text.
    static func unreadable(_ answer: ProviderAnswer, clean: (String) -> String = { $0 }) -> SendOutcome {
        let text = clean(AnswerReading.detail(of: answer))
        return .refused(
            code: unreadableCode,
            detail: "the answer (HTTP \(answer.status)) names no message, so nobody knows whether it was taken" + (text.isEmpty ? "" : ": \(text)"),
            alarm: true)
    }
}

/// What a provider reports later of a message that it took.
package struct DeliveryStatus: Sendable, Equatable {
    package enum State: String, Sendable {
        case sent, delivered, read, failed
    }

    /// The provider's identifier, as in `SendOutcome.accepted`.
    package var providerID: String
    /// Our own mark, as sent with the message; absent where the provider does not echo it.
    package var tag: String?
    package var state: State
    /// For `failed`: what it means, in the same terms as an answer.
    package var failure: SendOutcome?

    package init(providerID: String, tag: String? = nil, state: State, failure: SendOutcome? = nil) {
        self.providerID = providerID
        self.tag = tag
        self.state = state
        self.failure = failure
    }
}
