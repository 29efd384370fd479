import BackOffice
import HTTPClient
import Messaging
import Platform

/// One of the other systems that are told of events.
struct WebhookSection: Decodable {
    var url: String
    var secret: Secret
    /// Names; absent or empty: all.
    var events: [String]?

    static let shape = ConfigShape.object(["url": .value, "secret": Secret.shape, "events": .value])
    /// Each event is stored once for each of them.
    static let most = 20
}

extension ServerConfiguration {
    /// The endpoints, their secrets read and their addresses checked.
    func webhookEndpoints() throws -> [WebhookEndpoint] {
        let sections = webhooks ?? []
        guard sections.count <= WebhookSection.most else {
            throw CommandLineError("webhooks has \(sections.count) entries: at most \(WebhookSection.most) can be told of each event")
        }
        var endpoints: [WebhookEndpoint] = []
        for (place, section) in sections.enumerated() {
            let key = "webhooks[\(place)]"
            do { try ServerURL.check(section.url) } catch { throw CommandLineError("\(key).url: \(error.detail)") }
            if let earlier = endpoints.firstIndex(where: { $0.url == section.url }) {
                throw CommandLineError("\(key).url is that of webhooks[\(earlier)]: name the events of one address in one entry")
            }
            guard let secret = WebhookSecret(try section.secret.text("\(key).secret")) else {
                throw CommandLineError("\(key).secret begins with whsec_, and what follows is not base64: give it as it was given to the receiver")
            }
            let events = try (section.events ?? []).map { name throws(CommandLineError) in
                guard let event = WebhookEvent(rawValue: name) else {
                    let known = WebhookEvent.allCases.map(\.rawValue).joined(separator: ", ")
                    throw CommandLineError("\(key).events: '\(name)' is not an event. Known: \(known)")
                }
                return event
            }
            endpoints.append(WebhookEndpoint(url: section.url, secret: secret, events: Set(events.isEmpty ? WebhookEvent.allCases : events)))
        }
        return endpoints
    }

    /// What will not protect as its owner may expect: a line each for the log.
    func webhookWarnings() throws -> [String] {
        try (webhooks ?? []).enumerated().compactMap { place, section in
            guard let secret = WebhookSecret(try section.secret.text("webhooks[\(place)].secret")), secret.bytes.count < WebhookSecret.fewestBytes
            else { return nil }
            return
                "webhooks[\(place)].secret is short: give both sides 24 bytes or more, for example whsec_ and what openssl rand -base64 32 prints"
        }
    }
}
