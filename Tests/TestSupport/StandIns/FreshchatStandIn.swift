import HTTPServer
import Synchronization

/// In the place of Freshchat's API: users, groups, and the conversations that are answered, assigned and resolved.
///
/// - Source: developers.freshchat.com/api
package final class FreshchatStandIn: StandIn {
    /// What a client did, in the order in which it took effect.
    package enum Step: Sendable, Equatable {
        case lookedUpUser(String)
        case listedGroups(page: Int)
        case lookedUpConversation(String)
        case replied(conversation: String, text: String)
        /// A private message: agents see it, the vendor does not.
        case noted(conversation: String, text: String)
        case changed(conversation: String, group: String?, status: String?)
    }

    package struct Conversation: Sendable, Equatable {
        package var status = "new"
        package var group: String?
        package var agent: String?
        /// What was sent to the vendor.
        package var replies: [String] = []
    }

    package let server: StandInServer
    private let account: FreshchatAccount

    /// - Parameters:
    ///   - groups: name and identifier, in the order in which they are listed.
    ///   - agents: who may reply; `nil` takes any.
    ///   - conversations: those that exist; `nil` takes any.
    package init(
        token: String = "freshchat-token", groups: [(name: String, id: String)] = [("Device Lock", "66666666-6666-4666-8666-666666666666")],
        agents: Set<String>? = nil, conversations: Set<String>? = nil, port: UInt16 = 0
    ) throws {
        let account = FreshchatAccount(token: token, groups: groups, agents: agents, conversations: conversations)
        self.account = account
        server = try StandInServer(
            port: port,
            services: [
                .init(.GET, "/v2/users/{id}") { (request) throws(Refusal) in try account.user(request) },
                .init(.GET, "/v2/groups") { (request) throws(Refusal) in try account.groups(request) },
                .init(.GET, "/v2/conversations/{id}") { (request) throws(Refusal) in try account.conversation(request) },
                .init(.PUT, "/v2/conversations/{id}") { (request) throws(Refusal) in try account.change(request) },
                .init(.POST, "/v2/conversations/{id}/messages") { (request) throws(Refusal) in try account.reply(request) },
            ]
        ) { FreshchatAccount.error($0, "NOT_FOUND", "no such resource") }
    }

    /// What a client is configured with.
    package var baseURL: String { url + "/v2" }
    package var steps: [Step] { account.steps }
    /// What was done to one conversation.
    package func steps(of conversation: String) -> [Step] {
        steps.filter {
            switch $0 {
            case .lookedUpConversation(conversation), .replied(conversation, _), .noted(conversation, _), .changed(conversation, _, _): true
            default: false
            }
        }
    }
    package func conversation(_ id: String) -> Conversation? { account.conversation(id) }

    /// Makes a user known; `phone` as an agent, a widget or WhatsApp wrote it.
    package func addUser(_ id: String, phone: String?, firstName: String = "Vendor") { account.addUser(id, phone: phone, firstName: firstName) }
}
