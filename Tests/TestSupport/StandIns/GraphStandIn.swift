import HTTPServer
import Synchronization
package import Wire

/// In the place of WhatsApp's Cloud API: takes texts, templates and read marks for one business number.
///
/// - Source: developers.facebook.com, WhatsApp Cloud API: messages, error codes.
package final class GraphStandIn: StandIn {
    /// One message that was taken.
    package struct Sent: Sendable {
        package enum Content: Sendable, Equatable {
            case text(String)
            case template(name: String, language: String, parameters: [String])
        }

        /// From 1, in the order of acceptance.
        package let number: Int
        package let time: Timestamp
        /// The number's digits, or the business-scoped user id.
        package let to: String
        package let content: Content
        /// Whose text it quotes.
        package let context: String?
        /// `biz_opaque_callback_data`.
        package let tag: String?
        package let wamid: String
        package let phoneNumberID: String

        /// Of a text.
        package var body: String? { if case .text(let body) = content { body } else { nil } }
        /// Of a template.
        package var template: String? { if case .template(let name, _, _) = content { name } else { nil } }
        package var parameters: [String] { if case .template(_, _, let parameters) = content { parameters } else { [] } }
    }

    /// How fast one recipient may be written to: so many at once, one more for each interval.
    package struct PairLimit: Sendable {
        package var burst: Int
        package var interval: Duration
        package init(burst: Int, interval: Duration) {
            self.burst = burst
            self.interval = interval
        }

        package static let meta = PairLimit(burst: 45, interval: .seconds(6))
    }

    package let server: StandInServer
    private let account: GraphAccount

    /// - Parameters:
    ///   - templates: name and number of the body's parameters; `nil` takes any.
    ///   - onSent: called with each message, before it is answered.
    ///   - onViolation: called with each of `violations`.
    package init(
        token: String = "graph-token", phoneNumberID: String = "200000000000002", version: String? = nil, templates: [String: Int]? = nil,
        pairLimit: PairLimit? = .meta, port: UInt16 = 0, onSent: (@Sendable (Sent) -> Void)? = nil,
        onViolation: (@Sendable (String) -> Void)? = nil
    ) throws {
        let account = GraphAccount(
            token: token, phoneNumberID: phoneNumberID, version: version, templates: templates, pairLimit: pairLimit, onSent: onSent)
        self.account = account
        server = try StandInServer(
            port: port,
            services: [.init(.POST, "/{version}/{phone_number_id}/messages") { (request) throws(Refusal) in try account.check(request) }],
            onViolation: onViolation
        ) { _ in GraphAccount.error(2500, status: 404, "Unknown path components") }
    }

    /// Every message that was taken, in order.
    package var sent: [Sent] { account.sent }
    package func sent(to recipient: String) -> [Sent] { sent.filter { $0.to == GraphAccount.key(recipient) } }
    /// Messages of the vendor that were marked as read.
    package var read: [String] { account.read }
    /// Marks of our own that came with more than one accepted message: what was sent twice.
    package var repeatedTags: [String] { Dictionary(grouping: sent.compactMap(\.tag)) { $0 }.filter { $1.count > 1 }.keys.sorted() }

    /// From now on the recipient's last message is more than 24 hours old: free text is refused with 131047, templates go.
    package func closeWindow(of recipient: String) { account.setWindow(open: false, of: recipient) }
    package func openWindow(of recipient: String) { account.setWindow(open: true, of: recipient) }

    /// From now on what is sent to the recipient is refused with that code, for example 131026; `nil` ends it.
    package func refuse(_ recipient: String, with code: Int?) { account.refuse(recipient, with: code) }
}
