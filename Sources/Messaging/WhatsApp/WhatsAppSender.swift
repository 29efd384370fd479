package import Wire

/// Makes the requests that send through WhatsApp, and reads the answers.
/// - Source: developers.facebook.com, WhatsApp Cloud API, "Send Messages", "Error Codes".
package struct WhatsAppSender: Sendable {
    /// Longer texts are refused; counted in UTF-16 units, which are no fewer than characters however those are counted.
    static let longestText = 4096

    private let configuration: WhatsAppConfiguration
    /// `https://graph.facebook.com/v25.0`.
    private let root: String

    package init(_ configuration: WhatsAppConfiguration) {
        self.configuration = configuration
        var base = Substring(configuration.graphURL)
        while base.last == "/" { base.removeLast() }
        let version = configuration.graphVersion
        root = "\(base)/\(version.hasPrefix("v") ? version : "v" + version)"
    }

    /// A free text: only within 24 hours of the recipient's last message.
    package func request(text: String, to address: ReplyAddress, tag: String) -> ProviderRequest {
        var message = WhatsAppMessage(to: address.to, type: "text", tag: tag)
        message.text = WhatsAppMessage.Text(body: Self.cut(text))
        message.context = address.answers.map(WhatsAppMessage.Context.init)
        return request(message, from: address.from)
    }

    /// An approved template: at any time. `name` without the configured prefix.
    package func request(template name: String, language: String, parameters: [String], to address: ReplyAddress, tag: String) -> ProviderRequest {
        var message = WhatsAppMessage(to: address.to, type: "template", tag: tag)
        let body = WhatsAppMessage.Template.Component(type: "body", parameters: parameters.map { .init(type: "text", text: Self.oneLine($0)) })
        message.template = WhatsAppMessage.Template(
            name: configuration.templatePrefix + name, language: .init(code: language), components: parameters.isEmpty ? nil : [body])
        return request(message, from: address.from)
    }

    /// - Parameter attempt: how often it was tried, this time included.
    package func outcome(of answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        let reply: Reply?
        // An answer that is no JSON (a proxy's page) is judged by its status.
        do { reply = try JSON.decode(Reply.self, from: answer.body) } catch { reply = nil }
        if (200..<300).contains(answer.status) { return reply?.messageID.map { .accepted(id: $0) } ?? withoutToken(.unreadable(answer)) }
        let error = reply?.error ?? WhatsAppError(.empty)
        let outcome = error.outcome(status: answer.status, attempt: attempt, after: RetryAfter.duration(answer.retryAfter, now: now))
        return withoutToken(outcome)
    }

    private func request(_ message: WhatsAppMessage, from number: String?) -> ProviderRequest {
        var headers = [ProviderRequest.Header("Content-Type", "application/json")]
        if let token = configuration.accessToken { headers.append(.init("Authorization", "Bearer \(token)")) }
        let number = number ?? configuration.phoneNumberID ?? ""
        return ProviderRequest(
            method: "POST", url: "\(root)/\(PathSegment.encode(number))/messages", headers: headers, body: JSON.encode(message))
    }

    private struct Reply: Decodable {
        let messageID: String?
        let error: WhatsAppError?

        init(from decoder: any Decoder) {
            let body = LenientObject(from: decoder)
            messageID = body.objects("messages").first?.text("id")
            let error = body.object("error")
            self.error = error.isObject ? WhatsAppError(error) : nil
        }
    }

    /// Meta repeats a malformed token in its message, and this text is shown to staff.
    private func withoutToken(_ outcome: SendOutcome) -> SendOutcome {
        guard let token = configuration.accessToken, !token.isEmpty else { return outcome }
        let clean = { (text: String) in text.split(separator: token, omittingEmptySubsequences: false).joined(separator: "…") }
        return switch outcome {
        case .retry(let code, let detail, let after, let alarm): .retry(code: code, detail: clean(detail), after: after, alarm: alarm)
        case .unreachable(let code, let detail): .unreachable(code: code, detail: clean(detail))
        case .refused(let code, let detail, let alarm): .refused(code: code, detail: clean(detail), alarm: alarm)
        case .accepted, .outsideWindow: outcome
        }
    }

    /// Whole characters only.
    private static func cut(_ text: String) -> String {
        guard text.utf16.count > longestText else { return text }
        var left = longestText
        return String(
            text.prefix { character in
                left -= character.utf16.count
                return left >= 0
            })
    }

    /// A parameter with a line end, or with nothing in it, makes WhatsApp refuse the whole template.
    private static func oneLine(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }
}
