import HTTPServer
import Synchronization

/// The account behind `FreshchatStandIn`.
final class FreshchatAccount: Sendable {
    private struct Book {
        var users: [String: JSONValue] = [:]
        var conversations: [String: FreshchatStandIn.Conversation] = [:]
        var steps: [FreshchatStandIn.Step] = []
    }

    private static let statuses: Set<String> = [
        "new", "assigned", "resolved", "reopened", "waiting on customer", "waiting on internal team",
    ]
    private static let mostItemsPerPage = 100

    private let token: String
    private let groups: [(name: String, id: String)]
    private let agents: Set<String>?
    private let known: Set<String>?
    private let book = Mutex(Book())

    init(token: String, groups: [(name: String, id: String)], agents: Set<String>?, conversations: Set<String>?) {
        self.token = token
        self.groups = groups
        self.agents = agents
        known = conversations
    }

    var steps: [FreshchatStandIn.Step] { book.withLock { $0.steps } }
    func conversation(_ id: String) -> FreshchatStandIn.Conversation? { book.withLock { $0.conversations[id] } }

    func addUser(_ id: String, phone: String?, firstName: String) {
        book.withLock {
            $0.users[id] = [
                "id": .string(id), "first_name": .string(firstName), "phone": phone.map { .string($0) }, "created_time": "2026-07-18T12:00:00.000Z",
                "properties": [], "social_profiles": [],
            ]
        }
    }

    // MARK: What is asked

    func user(_ request: ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse {
        try authorize(request)
        let id = request.parameter("id")
        let user = book.withLock { $0.users[id] }
        // A user who was deleted meanwhile is nobody's mistake.
        guard let user else { throw Refusal(response: Self.error(404, "USER_NOT_FOUND", "user not found"), violation: nil) }
        return {
            self.book.withLock { $0.steps.append(.lookedUpUser(id)) }
            return .json(200, user)
        }
    }

    func groups(_ request: ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse {
        try authorize(request)
        guard let page = Int(request.query("page") ?? "1"), page >= 1 else { throw wrong(400, "INVALID_VALUE", "page counts from 1") }
        guard let size = Int(request.query("items_per_page") ?? "10"), (1...Self.mostItemsPerPage).contains(size) else {
            throw wrong(400, "INVALID_VALUE", "items_per_page is from 1 to \(Self.mostItemsPerPage)")
        }
        let items = groups.dropFirst((page - 1) * size).prefix(size)
        let body: JSONValue = [
            "groups": .array(
                items.map {
                    ["id": .string($0.id), "name": .string($0.name), "description": "", "routing_type": "INTELLIASSIGN", "agents": []]
                }),
            "pagination": [
                "total_items": .integer(Int64(groups.count)), "total_pages": .integer(Int64((groups.count + size - 1) / size)),
                "current_page": .integer(Int64(page)), "items_per_page": .integer(Int64(size)),
            ],
            "links": [:],
        ]
        return {
            self.book.withLock { $0.steps.append(.listedGroups(page: page)) }
            return .json(200, body)
        }
    }

    func conversation(_ request: ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse {
        let id = try existing(request)
        return {
            let conversation = self.book.withLock { book in
                book.steps.append(.lookedUpConversation(id))
                return book.conversations[id, default: .init()]
            }
            return .json(200, Self.body(id, conversation))
        }
    }

    // MARK: What is done

    func change(_ request: ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse {
        let id = try existing(request)
        let json = try object(request)
        for member in json.keys where !["status", "assigned_group_id", "assigned_agent_id", "channel_id", "properties"].contains(member) {
            throw wrong(400, "INVALID_VALUE", "unknown attribute \(member)")
        }
        for member in ["status", "assigned_group_id", "assigned_agent_id"] where json.has(member) && json[member].string == nil {
            throw wrong(400, "INVALID_VALUE", "\(member) is not a string")
        }
        let status = json["status"].string
        let group = json["assigned_group_id"].string
        let agent = json["assigned_agent_id"].string
        guard status != nil || group != nil || agent != nil else { throw wrong(400, "MISSING_VALUE", "there is nothing to change") }
        if let status {
            guard Self.statuses.contains(status) else { throw wrong(400, "INVALID_VALUE", "unknown status \(status)") }
            let assigned = agent ?? book.withLock { $0.conversations[id]?.agent }
            guard status != "assigned" || assigned != nil else { throw wrong(400, "MISSING_VALUE", "status assigned needs assigned_agent_id") }
        }
        // A single space takes the assignment away.
        if let group, group != " ", !groups.contains(where: { $0.id == group }) { throw wrong(400, "INVALID_VALUE", "group \(group) not found") }
        if let agent, agent != " ", let agents, !agents.contains(agent) { throw wrong(400, "INVALID_VALUE", "agent \(agent) not found") }
        return {
            let conversation = self.book.withLock { book in
                book.steps.append(.changed(conversation: id, group: group, status: status))
                var conversation = book.conversations[id, default: .init()]
                conversation.status = status ?? conversation.status
                if let group { conversation.group = group == " " ? nil : group }
                if let agent { conversation.agent = agent == " " ? nil : agent }
                book.conversations[id] = conversation
                return conversation
            }
            return .json(200, Self.body(id, conversation))
        }
    }

    func reply(_ request: ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse {
        let id = try existing(request)
        let json = try object(request)
        let parts = json["message_parts"].array
        guard !parts.isEmpty else { throw wrong(400, "MISSING_VALUE", "message_parts is empty") }
        let pieces = parts.compactMap(\.["text"]["content"].string)
        guard pieces.count == parts.count, !pieces.contains("") else { throw wrong(400, "INVALID_VALUE", "a message part has no text.content") }
        let text = pieces.joined()
        guard let kind = json["message_type"].string, ["normal", "private"].contains(kind) else {
            throw wrong(400, "INVALID_VALUE", "message_type is normal or private")
        }
        switch json["actor_type"].string {
        case "agent":
            guard let actor = json["actor_id"].string, !actor.isEmpty else { throw wrong(400, "MISSING_VALUE", "an agent's message needs actor_id") }
            if let agents, !agents.contains(actor) { throw wrong(404, "AGENT_NOT_FOUND", "agent not found") }
        case "bot": break
        default: throw wrong(400, "INVALID_VALUE", "actor_type is agent or bot")
        }
        return {
            self.book.withLock { book in
                if kind == "private" {
                    book.steps.append(.noted(conversation: id, text: text))
                } else {
                    book.steps.append(.replied(conversation: id, text: text))
                    book.conversations[id, default: .init()].replies.append(text)
                }
            }
            return .json(
                200,
                ["id": .string(Identifiers.uuid()), "conversation_id": .string(id), "message_type": .string(kind), "message_parts": .array(parts)])
        }
    }

    // MARK: Checks

    private func authorize(_ request: ReceivedRequest) throws(Refusal) {
        guard request.authorization == "Bearer \(token)" else { throw wrong(401, "UNAUTHENTICATED", "the token is missing, wrong or expired") }
    }

    private func existing(_ request: ReceivedRequest) throws(Refusal) -> String {
        try authorize(request)
        let id = request.parameter("id")
        if let known, !known.contains(id) { throw wrong(404, "CONVERSATION_NOT_FOUND", "conversation not found") }
        return id
    }

    private func object(_ request: ReceivedRequest) throws(Refusal) -> JSONValue {
        guard let json = request.json, case .object = json else {
            throw wrong(400, "INVALID_JSON", "the body is not a JSON object, or its Content-Type does not say so")
        }
        return json
    }

    private static func body(_ id: String, _ conversation: FreshchatStandIn.Conversation) -> JSONValue {
        [
            "conversation_id": .string(id), "app_id": "22222222-2222-4222-8222-222222222222", "channel_id": "44444444-4444-4444-8444-444444444444",
            "status": .string(conversation.status), "assigned_group_id": conversation.group.map { .string($0) },
            "assigned_agent_id": conversation.agent.map { .string($0) },
        ]
    }

    static func error(_ code: Int, _ status: String, _ message: String) -> HTTPResponse {
        .json(code, ["code": .integer(Int64(code)), "status": .string(status), "message": .string(message)])
    }

    private func wrong(_ code: Int, _ status: String, _ message: String) -> Refusal {
        Refusal(response: Self.error(code, status, message), violation: "\(status): \(message)")
    }
}
