private import FoundationEssentials
package import Signing
package import Wire

/// What proves that a request to our webhook is Freshchat's, and what it says.
/// - Source: developers.freshchat.com, "Webhooks" (payload, `X-Freshchat-Signature`).
package struct FreshchatWebhook: Sendable {
    private let key: RSAPublicKey

    /// - Parameter publicKey: as the settings of the account show it.
    package init(publicKey: String) throws(CryptoError) {
        key = try RSAPublicKey(pem: publicKey)
    }

    /// Whether `signature` (the field `X-Freshchat-Signature`, base64) is that of these bytes, exactly as they came.
    package func verifies(signature: String?, body: [UInt8]) -> Bool {
        guard let bytes = signature.flatMap({ Data(base64Encoded: $0) }) else { return false }
        return key.verifiesSHA256(Array(bytes), of: body)
    }

    /// `nil` for everything but an ordinary message of a user.
    package static func read(_ body: [UInt8]) throws(JSONRefusal) -> FreshchatMessage? {
        try JSON.decode(Body.self, from: body).message
    }

    private struct Body: Decodable {
        let message: FreshchatMessage?

        init(from decoder: any Decoder) throws {
            let body = LenientObject(from: decoder)
            guard body.isObject else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a webhook is an object"))
            }
            message = FreshchatMessage(webhook: body)
        }
    }
}
