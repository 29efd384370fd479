import BackOffice
import Messaging
import Store
import TestSupport
import Wire

/// A back office with stand-ins for its providers, as they and the vendor see it.
final class ProviderOffice: Sendable {
    static let reference = "12345678"
    /// Linked to every account.
    static let vendor = "+27711234567"
    static let stranger = "+27829999999"
    /// The last part of the paths that are secret.
    static let pathSecret = "k3-path-secret"
    static let refusal =
        "This number and this wallet reference do not belong together. Nothing was locked. Send the message from the linked number, or call support."
    static let shortRefusal =
        "This number and this wallet reference do not belong together. Nothing was locked. Send from the linked number or call support."

    let server: InProcess

    /// - Parameter earlier: is stopped, and this one goes on with its clock and its store.
    init(_ messaging: MessagingConfiguration, after earlier: ProviderOffice? = nil) throws {
        server = try InProcess(messaging: messaging, after: earlier?.server)
    }

    var api: API { server.api }
    var clock: ManualClock { server.clock }

    func account(_ reference: String = reference, number: String = vendor) throws { try api.addAccount(reference, number: number) }

    /// A terminal of an account, connected and up to date; it says nothing until it is told to.
    func terminal(of account: String = reference) throws -> (terminal: TestTerminal, revision: Revision) {
        let terminal = try TestTerminal.enrolled(api, account: account)
        return (terminal, try terminal.connect(now: clock.now.unixSeconds).rev)
    }

    // MARK: What comes in

    func post(_ webhook: Webhook, _ path: String) throws -> Reply { try webhook.post(to: api.port, path) }

    /// Sends what must be taken.
    @discardableResult
    func take(_ webhook: Webhook, _ path: String) throws -> Reply {
        let reply = try post(webhook, path)
        guard reply.status == 200 else { throw Failure("the webhook was answered with \(reply.status): \(reply.text)") }
        return reply
    }

    // MARK: What staff see

    func holds(on reference: String = reference) throws -> [JSONValue] { try api.must(200, "GET", "/v1/accounts/\(reference)")["holds"].array }

    /// Newest first.
    func notes(_ kind: String, on reference: String = reference) throws -> [JSONValue] {
        try api.must(200, "GET", "/v1/accounts/\(reference)/notes?limit=200")["notes"].array.filter { $0["kind"].string == kind }
    }

    func officeNotes(_ kind: String) throws -> [JSONValue] {
        try api.must(200, "GET", "/v1/notes?limit=200")["notes"].array.filter { $0["kind"].string == kind }
    }

    /// What came in for an account, newest first.
    func outcomes(_ reference: String = reference) throws -> [String] {
        try api.must(200, "GET", "/v1/accounts/\(reference)/messages")["received"].array.compactMap { $0["outcome"].string }
    }

    /// The outbox without alerts, newest first.
    func outbox(_ state: String? = nil, provider: String? = nil) throws -> [JSONValue] {
        let filters = (state.map { "&state=\($0)" } ?? "") + (provider.map { "&provider=\($0)" } ?? "")
        return try api.must(200, "GET", "/v1/messages?limit=200" + filters)["messages"].array
            .filter { $0["provider"] != "alerts" }
    }

    func metric(_ provider: String, _ outcome: String) throws -> Double {
        try api.metric("vendlock_messages_total{provider=\"\(provider)\",outcome=\"\(outcome)\"}") ?? 0
    }

    func alerts(_ kind: String) throws -> Double { try api.metric("vendlock_alerts_total{kind=\"\(kind)\"}") ?? 0 }

    // MARK: Time

    /// Moves the clock; what is due by then goes out.
    func advance(_ duration: Duration) {
        clock.advance(by: duration)
        server.backOffice.courier.wake()
    }

    /// Moves the clock, and returns when all that is due by then has gone, and all that went is answered.
    func pass(_ duration: Duration = .zero) throws {
        advance(duration)
        try eventually("an outbox in which nothing is due") {
            try server.store.read { store in
                let open = try store.dueOutbox(now: clock.now, limit: 1000) + store.outbox(in: .sending, changedBefore: clock.now, limit: 1000)
                return open.allSatisfy { $0.provider == "alerts" }
            }
        }
    }
}

extension ProviderOffice {
    /// Returns the first alert that contains the text, once there is one.
    @discardableResult
    func waitForAlert(_ slack: SlackStandIn, containing part: String) throws -> String {
        try eventually("an alert with '\(part)', there are \(slack.texts)") {
            // The courier looks by itself too, but only once a second.
            server.backOffice.courier.wake()
            return slack.texts.first { $0.contains(part) }
        }
    }
}

extension TestTerminal {
    /// Stores the lock and says so, as an agent does: fetches the lease, then polls with its revision.
    func confirm(after revision: Revision) throws {
        let lease = try poll(after: revision)
        guard lease.locked else { throw Failure("a terminal that is to confirm a lock got an open lease") }
        _ = try poll(after: lease.rev)
    }
}

extension GraphStandIn {
    static let secret = "0123456789abcdef0123456789abcdef"

    var configuration: WhatsAppConfiguration {
        WhatsAppConfiguration(appSecret: Self.secret, accessToken: "graph-token", phoneNumberID: "200000000000002", graphURL: url)
    }
}

extension FreshchatStandIn {
    static let channel = "44444444-4444-4444-8444-444444444444"

    func configuration(channels: [String] = [channel]) throws -> FreshchatConfiguration {
        FreshchatConfiguration(
            url: baseURL, token: "freshchat-token", publicKey: try FreshchatKey.shared.publicKey, whatsappChannels: channels)
    }
}

extension TwilioStandIn {
    static let publicURL = "https://lock.example.org"

    var configuration: TwilioConfiguration {
        TwilioConfiguration(
            url: url, accountSID: "AC00000000000000000000000000000001", authToken: "12345", publicURL: Self.publicURL, from: "+27110000000")
    }
}

extension AfricasTalkingStandIn {
    var configuration: AfricasTalkingConfiguration {
        AfricasTalkingConfiguration(url: url, username: "vendlock", apiKey: "at-key", secret: ProviderOffice.pathSecret, from: "21512")
    }
}

extension ClickatellStandIn {
    var configuration: ClickatellConfiguration {
        ClickatellConfiguration(url: url, apiKey: "clickatell-key==", secret: ProviderOffice.pathSecret)
    }
}
