package import Signing

/// What proves that a request to our webhook is Meta's.
/// - Source: developers.facebook.com, Graph API, "Webhooks: Getting Started" (verification requests, validating payloads).
package struct WhatsAppWebhook: Sendable {
    /// `nil` for an empty secret, which anybody could guess: then nothing verifies.
    private let key: HMACKey?

    package init(appSecret: String) {
        key = appSecret.isEmpty ? nil : HMACKey(Array(appSecret.utf8))
    }

    /// Whether `signature` (the field `X-Hub-Signature-256`) is that of these bytes, exactly as they came.
    package func verifies(signature: String?, body: [UInt8]) throws(CryptoError) -> Bool {
        // The length is no secret, and saves the code over a body of megabytes.
        guard let key, let signature, signature.utf8.count == 71 else { return false }
        return Digest.equal(Array(signature.utf8), Array(("sha256=" + Digest.hex(try key.code(of: body))).utf8))
    }

    /// The answer to the verification request, `hub.challenge` as it stands; `nil`: refuse it.
    package static func challenge(mode: String?, token: String?, challenge: String?, expected: String?) -> String? {
        guard mode == "subscribe", let challenge, !challenge.isEmpty, let token, let expected, !expected.isEmpty else { return nil }
        return Digest.equal(Array(token.utf8), Array(expected.utf8)) ? challenge : nil
    }
}
