package import Wire

/// Makes the requests to Freshchat, and reads the answers.
/// - Source: developers.freshchat.com, API v2.
package struct FreshchatClient: Sendable {
    private static let groupsOnAPage = 50
    /// How long a request rests while people see to the token.
    private static let mendingTime = Duration.seconds(300)

    private let configuration: FreshchatConfiguration
    private let base: Substring

    package init(_ configuration: FreshchatConfiguration) {
        self.configuration = configuration
        var base = Substring(configuration.url)
        while base.last == "/" { base.removeLast() }
        self.base = base
    }

    /// Asks for a user, whose number `phone(in:)` reads from the answer.
    package func user(_ id: String) -> ProviderRequest {
        request("GET", "users/\(PathSegment.encode(id))", isRepeatable: true)
    }

    /// Whether the answer tells of a user at all: a page of a gateway in between does not say that there is no number.
    package static func isUser(_ answer: ProviderAnswer) -> Bool { answer.status == 200 && body(of: answer)?.id != nil }

    /// Proves nothing by itself: agents and users can type it, unless the conversation's channel is WhatsApp.
    package static func phone(in answer: ProviderAnswer) -> String? {
        body(of: answer)?.phone
    }

    /// - Parameter page: from 1.
    package func groups(page: Int) -> ProviderRequest {
        request("GET", "groups?page=\(page)&items_per_page=\(Self.groupsOnAPage)", isRepeatable: true)
    }

    package static func group(named name: String, in answer: ProviderAnswer) -> (id: String?, hasMorePages: Bool) {
        guard let body = body(of: answer) else { return (nil, false) }
        return (body.groups.first { $0.name == name }?.id, body.hasMorePages)
    }

    package func reply(_ text: String, conversation: String) -> ProviderRequest {
        struct Reply: Encodable {
            struct Part: Encodable {
                struct Text: Encodable { let content: String }
                let text: Text
            }
            let parts: [Part]
            let messageType = "normal"
            let actorType: String
            let actorID: String?

            enum CodingKeys: String, CodingKey {
                case parts = "message_parts", messageType = "message_type", actorType = "actor_type", actorID = "actor_id"
            }
        }
        let agent = configuration.agentID
        let body = Reply(parts: [.init(text: .init(content: text))], actorType: agent == nil ? "bot" : "agent", actorID: agent)
        return request("POST", "conversations/\(PathSegment.encode(conversation))/messages", body: JSON.encode(body))
    }

    package func assign(group id: String, conversation: String) -> ProviderRequest {
        change(conversation, to: ["assigned_group_id": id, "status": "new"])
    }

    package func resolve(conversation: String) -> ProviderRequest {
        change(conversation, to: ["status": "resolved"])
    }

    /// Of a reply, which must not be sent twice: only an answer that names it says that it was taken.
    package func outcome(ofReply answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        let outcome = outcome(of: answer, attempt: attempt, now: now)
        return outcome == .accepted(id: nil) ? .unreadable(answer, clean: withoutToken) : outcome
    }

    /// Of what may be repeated.
    ///
    /// - Parameter attempt: how often it was tried, this time included.
    package func outcome(of answer: ProviderAnswer, attempt: Int, now: Timestamp) -> SendOutcome {
        let body = Self.decode(answer.body)
        if (200..<300).contains(answer.status) { return .accepted(id: body?.id) }
        let code = body?.failure ?? "http_\(answer.status)"
        let detail = body?.explanation.map(withoutToken) ?? "Freshchat answered with HTTP status \(answer.status)"
        switch answer.status {
        case 401, 403: return .retry(code: code, detail: detail, after: Self.mendingTime, alarm: true)
        case 404: return .refused(code: code, detail: detail, alarm: false)
        case 408, 429, 500...599:
            return .retry(code: code, detail: detail, after: RetryAfter.duration(answer.retryAfter, now: now), alarm: false)
        default: return .refused(code: code, detail: detail, alarm: true)
        }
    }

    private func change(_ conversation: String, to fields: [String: String]) -> ProviderRequest {
        request("PUT", "conversations/\(PathSegment.encode(conversation))", body: JSON.encode(fields), isRepeatable: true)
    }

    private func request(_ method: String, _ path: String, body: [UInt8]? = nil, isRepeatable: Bool = false) -> ProviderRequest {
        var headers = [ProviderRequest.Header("Accept", "application/json")]
        if body != nil { headers.append(.init("Content-Type", "application/json")) }
        if let token = configuration.token { headers.append(.init("Authorization", "Bearer \(token)")) }
        return ProviderRequest(method: method, url: "\(base)/\(path)", headers: headers, body: body, isRepeatable: isRepeatable)
    }

    /// An answer's text is shown to staff.
    private func withoutToken(_ text: String) -> String {
        guard let token = configuration.token, !token.isEmpty else { return text }
        return text.split(separator: token, omittingEmptySubsequences: false).joined(separator: "…")
    }

    private static func body(of answer: ProviderAnswer) -> FreshchatAnswer? {
        (200..<300).contains(answer.status) ? decode(answer.body) : nil
    }

    private static func decode(_ body: [UInt8]) -> FreshchatAnswer? {
        // An answer that is no JSON (a proxy's page, an empty 202) is judged by its status.
        do { return try JSON.decode(FreshchatAnswer.self, from: body) } catch { return nil }
    }
}

/// What is of use in an answer, whichever request it is to.
private struct FreshchatAnswer: Decodable {
    struct Group {
        let id: String
        let name: String
    }

    let id: String?
    let phone: String?
    let groups: [Group]
    let hasMorePages: Bool
    /// `AGENT_NOT_FOUND` or the like.
    let failure: String?
    let explanation: String?

    init(from decoder: any Decoder) {
        let body = LenientObject(from: decoder)
        id = body.textOrNumber("id")
        phone = body.textOrNumber("phone")
        let listed = body.objects("groups")
        groups = listed.compactMap { group in
            guard let id = group.textOrNumber("id"), let name = group.text("name") else { return nil }
            return Group(id: id, name: name)
        }
        let pagination = body.object("pagination")
        if let page = pagination.number("current_page"), let last = pagination.number("total_pages") {
            hasMorePages = page < last
        } else {
            hasMorePages = listed.count >= 50  // As many as we asked for.
        }
        failure = body.text("status") ?? body.textOrNumber("code")
        explanation = body.text("message").map { String($0.map { $0.isNewline ? " " : $0 }.prefix(300)) }
    }
}
