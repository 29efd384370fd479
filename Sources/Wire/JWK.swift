/// An Ed25519 public key as it crosses the wire.
/// - Source: RFC 7517, RFC 8037.
package struct JWK: Codable, Sendable, Equatable {
    package var kty = "OKP"
    package var crv = "Ed25519"
    /// The 32 bytes of the key, base64url.
    package var x: String
    /// RFC 7638 thumbprint; given by the server, not needed from a terminal.
    package var kid: String?
    package var use: String?
    package var alg: String?

    package init(x: String, kid: String? = nil) {
        self.x = x
        self.kid = kid
        if kid != nil {
            use = "sig"
            alg = "EdDSA"
        }
    }

    /// The 32 bytes, or `nil` when this is not an Ed25519 key.
    package var ed25519Bytes: [UInt8]? {
        guard kty == "OKP", crv == "Ed25519", let bytes = Base64URL.decode(x), bytes.count == 32 else { return nil }
        return bytes
    }
}

package struct JWKSet: Codable, Sendable, Equatable {
    package var keys: [JWK]
    package init(keys: [JWK]) { self.keys = keys }
}
