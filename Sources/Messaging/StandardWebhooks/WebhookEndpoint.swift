import FoundationEssentials
import Signing

/// Another system that is told of what happens here.
package struct WebhookEndpoint: Sendable {
    package let url: String
    /// Tells it apart from others without its path, which may be a secret: the host, and the beginning of the address's SHA-256.
    /// The same after a restart, whatever else is configured.
    package let name: String
    /// What it wants to hear of.
    package let events: Set<WebhookEvent>
    let key: HMACKey

    package init(url: String, secret: WebhookSecret, events: Set<WebhookEvent> = Set(WebhookEvent.allCases)) {
        self.url = url
        self.events = events
        key = HMACKey(secret.bytes)
        let host = url.drop { $0 != ":" }.drop { $0 == ":" || $0 == "/" }.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let digits = Array("0123456789abcdef")
        let hash = Digest.sha256(Array(url.utf8)).prefix(4).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
        name = "\(host)#\(hash)"
    }
}

/// What an endpoint and this server both know.
/// - Source: Standard Webhooks 1.0.0, "Signature scheme": 24 to 64 random bytes, in base64 behind `whsec_`.
package struct WebhookSecret: Sendable {
    package let bytes: [UInt8]

    private static let prefix = "whsec_"
    /// Fewer are easier to guess than the specification wants.
    package static let fewestBytes = 24

    /// Base64 behind `whsec_`; any other text is the key itself. `nil` for base64 that is none, and for nothing at all.
    package init?(_ text: String) {
        if text.hasPrefix(Self.prefix) {
            guard let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))) else { return nil }
            bytes = Array(data)
        } else {
            bytes = Array(text.utf8)
        }
        if bytes.isEmpty { return nil }
    }
}
