import BackOffice
import Messaging
import TestSupport
import Wire

/// A back office that tells other systems of its events.
final class WebhookOffice: Sendable {
    let receiver: WebhookReceiver
    let office: ProviderOffice
    let slack: SlackStandIn

    init(_ events: Set<WebhookEvent> = Set(WebhookEvent.allCases), others: [WebhookEndpoint] = [], patience: Duration = .milliseconds(400)) throws {
        receiver = try WebhookReceiver()
        slack = try SlackStandIn()
        office = try ProviderOffice(Self.messaging([receiver.endpoint(events)] + others, slack, patience))
        receiver.follow(office.clock)
        try office.account()
    }

    /// Goes on with the same store, the same clock and the same endpoint, as after a restart.
    init(after earlier: WebhookOffice, endpoints: [WebhookEndpoint]? = nil) throws {
        (receiver, slack) = (earlier.receiver, earlier.slack)
        office = try ProviderOffice(Self.messaging(endpoints ?? [receiver.endpoint()], slack, .milliseconds(400)), after: earlier.office)
    }

    private static func messaging(_ endpoints: [WebhookEndpoint], _ slack: SlackStandIn, _ patience: Duration) -> MessagingConfiguration {
        var messaging = MessagingConfiguration(alertsURL: slack.webhookURL)
        messaging.webhooks = endpoints
        messaging.patience = patience
        return messaging
    }

    var api: API { office.api }

    /// What `/openapi.json` says otherwise of these events than they are.
    func undescribed(_ events: [WebhookReceiver.Event]) throws -> [String] {
        let document = try api.get("/openapi.json").json
        return events.flatMap { event -> [String] in
            let reference = document["webhooks"][event.type]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].string ?? ""
            let schema = document["components"]["schemas"][reference.split(separator: "/").last.map(String.init) ?? ""]
            guard schema["properties"]["type"]["const"].string == event.type else { return ["\(event.type) is not described"] }
            let data = schema["properties"]["data"]
            return data["required"].strings.filter { !event.data.has($0) }.map { "\(event.type): \($0) is missing" }
                + event.data.keys.filter { !data["properties"].has($0) }.map { "\(event.type): \($0) is not described" }
        }
    }

    /// The outbox's rows for webhooks, oldest first.
    func rows(_ state: String? = nil) throws -> [JSONValue] { try office.outbox(state, provider: "webhooks").reversed() }
}

extension WebhookReceiver {
    func endpoint(_ events: Set<WebhookEvent> = Set(WebhookEvent.allCases), secret: String? = nil) throws -> WebhookEndpoint {
        guard let secret = WebhookSecret(secret ?? self.secret) else { throw Failure("the secret is not one") }
        return WebhookEndpoint(url: hookURL, secret: secret, events: events)
    }
}
