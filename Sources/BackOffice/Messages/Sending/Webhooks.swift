import Messaging
import Synchronization
import Wire

/// The systems that are told of events, and which of them want no more.
///
/// Concurrency: any thread.
final class Webhooks: Sendable {
    private let endpoints: [WebhookEndpoint]
    /// Those that answered 410, until the server is restarted: only then can the configuration be another one.
    private let stopped = Mutex<Set<String>>([])

    init(_ endpoints: [WebhookEndpoint]) { self.endpoints = endpoints }

    /// A lane for each endpoint: in order there, and nobody waits for another's.
    static func lane(of endpoint: String) -> String { "\(Provider.webhooks.rawValue):\(endpoint)" }

    func listeners(to event: WebhookEvent) -> [WebhookEndpoint] {
        if endpoints.isEmpty { return [] }
        let stopped = stopped.withLock { $0 }
        return endpoints.filter { $0.events.contains(event) && !stopped.contains($0.name) }
    }

    /// The endpoint of this name, as long as something goes there.
    func open(_ name: String) -> WebhookEndpoint? {
        if stopped.withLock({ $0.contains(name) }) { return nil }
        return endpoints.first { $0.name == name }
    }

    func stop(_ name: String) { stopped.withLock { _ = $0.insert(name) } }

    /// Why nothing goes to a name that is not open.
    func whyShut(_ name: String) -> String {
        endpoints.contains { $0.name == name } ? "it answered 410 Gone" : "it is not in the configuration any more"
    }
}

/// One event as one endpoint is told of it.
struct WebhookMessage: Codable, Sendable, Equatable {
    /// Its name.
    var endpoint: String
    var type: String
    /// Of the event, the same for every endpoint.
    var id: String
    /// Kept as it was made: the receiver verifies these bytes.
    var body: String

    /// For people.
    var summary: String { "\(type) (\(id)) to \(endpoint)" }

    /// As `JSON.encode(Job.webhook(self))` would write it, which takes far longer, in a transaction that locks wait for.
    var encodedJob: [UInt8] {
        var fields = JSONObjectWriter(capacity: body.utf8.count * 2)
        fields.field("body", body)
        fields.field("endpoint", endpoint)
        fields.field("id", id)
        fields.field("type", type)
        var value = JSONObjectWriter()
        value.field("_0", raw: fields.finish())
        var job = JSONObjectWriter()
        job.field("webhook", raw: value.finish())
        return job.finish()
    }
}
