import BackOffice
import Platform

/// The file of `serve --config`: JSON with comments. Every key may be absent; flags win over it.
struct ServerConfiguration: ConfigDecodable {
    struct Lease: Decodable {
        /// Seconds a lease runs.
        var ttl_s: Int?
        /// Seconds a terminal is asked to wait in a poll.
        var wait_s: Int?
        /// Seconds that a terminal on a quiet network may ask for instead.
        var longest_wait_s: Int?
        /// Cents that a terminal may spend before the server is heard again.
        var cap_cents: Int64?
    }

    struct Limits: Decodable {
        /// Connections from one address; loopback is exempt.
        var connections_per_address: Int?
    }

    var data: String?
    var listen: String?
    var tls: TLSSection?
    var store: String?
    var default_region: String?
    var lease: Lease?
    var limits: Limits?

    var whatsapp: MessagingSections.WhatsApp?
    var freshchat: MessagingSections.Freshchat?
    var twilio: MessagingSections.Twilio?
    var africastalking: MessagingSections.AfricasTalking?
    var clickatell: MessagingSections.Clickatell?
    var email: MessagingSections.Email?
    var alerts: MessagingSections.Alerts?
    var webhooks: [WebhookSection]?

    static let shape = ConfigShape.object(
        MessagingSections.shape.merging([
            "data": .value, "listen": .value, "store": .value, "default_region": .value,
            "webhooks": .list(WebhookSection.shape),
            "tls": TLSSection.shape, "lease": .keys("ttl_s", "wait_s", "longest_wait_s", "cap_cents"), "limits": .keys("connections_per_address"),
        ]) { first, _ in first })

    static let defaultDirectory = "/var/lib/vendlock"
    static let defaultListen = "127.0.0.1:8480"

    /// The lease's terms; refuses what no terminal could keep.
    func terms() throws(CommandLineError) -> LeaseIssuer.Terms {
        let terms = LeaseIssuer.Terms(
            ttl: lease?.ttl_s ?? 240, wait: lease?.wait_s ?? 110, longestWait: lease?.longest_wait_s, cap: lease?.cap_cents)
        guard (2...86_400).contains(terms.ttl) else { throw CommandLineError("lease.ttl_s is \(terms.ttl): give 2 to 86400 seconds") }
        guard terms.wait >= 1, terms.wait < terms.ttl else {
            throw CommandLineError("lease.wait_s is \(terms.wait): give at least 1 and less than lease.ttl_s (\(terms.ttl)), or every lease runs out")
        }
        guard (terms.wait...86_400).contains(terms.longestWait) else {
            throw CommandLineError(
                "lease.longest_wait_s is \(terms.longestWait): give lease.wait_s (\(terms.wait)) to keep every poll at that, or up to 86400 seconds")
        }
        if let cap = terms.cap, cap < 1 {
            throw CommandLineError("lease.cap_cents is \(cap): give at least 1, or leave it out for no cap; to stop spending, lock")
        }
        return terms
    }
}

/// `HOST:PORT`, `[IPV6]:PORT`.
struct ListenAddress {
    let host: String
    let port: UInt16

    init(_ text: String) throws(CommandLineError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw CommandLineError("'\(text)' is not HOST:PORT: write for example 127.0.0.1:8480 or [::]:8480")
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw CommandLineError("'\(text)' has no host: write for example 0.0.0.0:\(port) to listen on every address") }
        self.host = String(host)
        self.port = port
    }

    /// As it stands in a URL.
    static func url(host: String, port: UInt16, secure: Bool) -> String {
        "\(secure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
