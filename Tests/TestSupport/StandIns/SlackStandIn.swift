import HTTPServer
import Synchronization

/// In the place of Slack's incoming webhooks: one channel.
///
/// - Source: api.slack.com/messaging/webhooks
package final class SlackStandIn: StandIn {
    private final class Channel: Sendable {
        let path: String
        let texts = Mutex<[String]>([])

        init(path: String) { self.path = path }
    }

    package let server: StandInServer
    private let channel: Channel

    package init(path: String = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", port: UInt16 = 0) throws {
        let channel = Channel(path: path)
        self.channel = channel
        server = try StandInServer(
            port: port, services: [.init(.POST, "/services/{team}/{bot}/{secret}") { (request) throws(Refusal) in try Self.check(request, channel) }]
        ) { .plain($0, "no_service") }
    }

    /// What a client is configured with.
    package var webhookURL: String { url + channel.path }
    package var texts: [String] { channel.texts.withLock { $0 } }

    /// Returns the first alert that contains the text, once there is one.
    @discardableResult
    package func waitForText(containing part: String, within limit: Duration = .seconds(20)) throws -> String {
        try eventually("an alert with '\(part)', there are \(texts)", within: limit) { texts.first { $0.contains(part) } }
    }

    private static func check(_ request: ReceivedRequest, _ channel: Channel) throws(Refusal) -> @Sendable () -> HTTPResponse {
        guard request.path == channel.path else { throw wrong(404, "no_service", request.path) }
        guard let json = request.json, case .object = json else {
            throw wrong(400, "invalid_payload", "the body is not a JSON object, or its Content-Type does not say so")
        }
        guard let text = json["text"].string else { throw wrong(400, "invalid_payload", "text is missing or no string") }
        guard !text.isEmpty else { throw wrong(400, "no_text", "text is empty") }
        guard text.count <= 40_000 else { throw wrong(400, "msg_too_long", "text of \(text.count)") }
        return {
            channel.texts.withLock { $0.append(text) }
            return .plain(200, "ok")
        }
    }

    private static func wrong(_ status: Int, _ code: String, _ what: String) -> Refusal {
        Refusal(response: .plain(status, code), violation: "\(code): \(what)")
    }
}
