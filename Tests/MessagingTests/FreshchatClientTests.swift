import Messaging
import Testing
import Wire

struct FreshchatClientTests {
    private static let client = FreshchatClient(FreshchatConfiguration(url: "https://acme.example/v2/", token: "jwt-token"))
    private static let now = Timestamp(unixMilliseconds: 784_111_777_000)

    private func answer(_ body: String, status: Int = 200, retryAfter: String? = nil) -> ProviderAnswer {
        ProviderAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8))
    }

    private func request(_ method: String, _ path: String, _ body: String? = nil, isRepeatable: Bool) -> ProviderRequest {
        let type: [ProviderRequest.Header] = body == nil ? [] : [.init("Content-Type", "application/json")]
        return ProviderRequest(
            method: method, url: "https://acme.example/v2/" + path,
            headers: [.init("Accept", "application/json")] + type + [.init("Authorization", "Bearer jwt-token")], body: body.map { Array($0.utf8) },
            isRepeatable: isRepeatable)
    }

    @Test func asksForUsersAndGroups() {
        #expect(Self.client.user("user-1") == request("GET", "users/user-1", isRepeatable: true))
        #expect(Self.client.user("a/../b?c=ü 1") == request("GET", "users/a%2F..%2Fb%3Fc%3D%C3%BC%201", isRepeatable: true))
        #expect(Self.client.groups(page: 2) == request("GET", "groups?page=2&items_per_page=50", isRepeatable: true))
    }

    @Test func repliesAsABotOrAnAgent() {
        let body = #"{"actor_type":"bot","message_parts":[{"text":{"content":"Locked."}}],"message_type":"normal"}"#
        #expect(Self.client.reply("Locked.", conversation: "c-1") == request("POST", "conversations/c-1/messages", body, isRepeatable: false))
        let agent = FreshchatClient(FreshchatConfiguration(url: "https://acme.example/v2", token: "jwt-token", agentID: "agent-1"))
        let agentBody =
            #"{"actor_id":"agent-1","actor_type":"agent","message_parts":[{"text":{"content":"Locked."}}],"message_type":"normal"}"#
        #expect(agent.reply("Locked.", conversation: "c-1") == request("POST", "conversations/c-1/messages", agentBody, isRepeatable: false))
    }

    @Test func assignsAndResolves() {
        let assignment = #"{"assigned_group_id":"group-1","status":"new"}"#
        #expect(Self.client.assign(group: "group-1", conversation: "c/1") == request("PUT", "conversations/c%2F1", assignment, isRepeatable: true))
        #expect(Self.client.resolve(conversation: "c-1") == request("PUT", "conversations/c-1", #"{"status":"resolved"}"#, isRepeatable: true))
    }

    @Test(
        arguments: [
            (200, #"{"id":"user-1","phone":"+27711234567"}"#, "+27711234567"), (200, #"{"phone":27711234567}"#, "27711234567"),
            (200, #"{"id":"user-1"}"#, nil), (200, #"{"phone":""}"#, nil), (200, #"{"phone":null}"#, nil), (200, "", nil), (200, "[]", nil),
            (404, #"{"phone":"+27711234567"}"#, nil),
        ] as [(Int, String, String?)])
    func findsThePhone(_ status: Int, _ body: String, _ phone: String?) {
        #expect(FreshchatClient.phone(in: answer(body, status: status)) == phone)
    }

    private static let groups = #""groups":[{"id":"g-1","name":"Sales"},null,{"id":"g-0"},{"id":"g-2","name":"Device Lock","agents":[]}]"#

    @Test(
        arguments: [
            (200, #"{\#(groups),"pagination":{"total_pages":1,"current_page":1}}"#, "Device Lock", "g-2", false),
            (200, #"{\#(groups),"pagination":{"total_pages":3,"current_page":2}}"#, "device lock", nil, true),
            (200, #"{\#(groups),"pagination":{"total_pages":3,"current_page":3}}"#, "Other", nil, false),
            (200, #"{\#(groups)}"#, "Sales", "g-1", false),
            (200, "{\"groups\":[\(Array(repeating: "{}", count: 50).joined(separator: ","))]}", "Sales", nil, true),
            (200, "{}", "Sales", nil, false), (200, "", "Sales", nil, false), (500, #"{\#(groups)}"#, "Sales", nil, false),
        ] as [(Int, String, String, String?, Bool)])
    func findsTheGroup(_ status: Int, _ body: String, _ name: String, _ id: String?, _ hasMore: Bool) {
        let found = FreshchatClient.group(named: name, in: answer(body, status: status))
        #expect(found.id == id)
        #expect(found.hasMorePages == hasMore)
    }

    @Test(
        arguments: [
            (200, #"{"id":"message-2","status":"new"}"#, nil, SendOutcome.accepted(id: "message-2")),
            (202, "", nil, .accepted(id: nil)),
            (200, #"{"conversation_id":"c-1","status":"resolved"}"#, nil, .accepted(id: nil)),
            (
                400, #"{"code":400,"status":"INVALID_VALUE","message":"no\nsuch group"}"#, nil,
                .refused(code: "INVALID_VALUE", detail: "no such group", alarm: true)
            ),
            (401, "", nil, .retry(code: "http_401", detail: "Freshchat answered with HTTP status 401", after: .seconds(300), alarm: true)),
            (403, #"{"code":403,"message":"jwt-token is old"}"#, nil, .retry(code: "403", detail: "… is old", after: .seconds(300), alarm: true)),
            (404, #"{"code":404,"status":"AGENT_NOT_FOUND","message":"m"}"#, nil, .refused(code: "AGENT_NOT_FOUND", detail: "m", alarm: false)),
            (409, "", nil, .refused(code: "http_409", detail: "Freshchat answered with HTTP status 409", alarm: true)),
            (429, "", "30", .retry(code: "http_429", detail: "Freshchat answered with HTTP status 429", after: .seconds(30), alarm: false)),
            (503, "<html>", nil, .retry(code: "http_503", detail: "Freshchat answered with HTTP status 503", after: nil, alarm: false)),
        ] as [(Int, String, String?, SendOutcome)])
    func readsTheAnswer(_ status: Int, _ body: String, _ retryAfter: String?, _ expected: SendOutcome) {
        #expect(Self.client.outcome(of: answer(body, status: status, retryAfter: retryAfter), attempt: 1, now: Self.now) == expected)
    }

    @Test(arguments: [
        (200, #"{"id":"message-2","status":"new"}"#, "accepted message-2"), (202, "", "refused unreadable_answer alarm"),
        (200, "<html>jwt-token", "refused unreadable_answer alarm"), (200, #"{"success":true}"#, "refused unreadable_answer alarm"),
        (503, "", "retry http_503 -"), (404, "", "refused http_404"),
    ])
    func takesAReplyForSentOnlyWhenItIsNamed(_ status: Int, _ body: String, _ expected: String) {
        let outcome = Self.client.outcome(ofReply: answer(body, status: status), attempt: 1, now: Self.now)
        #expect(outcome.gist == expected)
        if case .refused(_, let detail, _) = outcome { #expect(!detail.contains("jwt-token")) }
    }
}
