private import CCrypto
package import Wire

/// An Ed25519 key that verifies. Safe to use from any thread.
/// - Source: RFC 8032, RFC 8037 (as JWK), RFC 7638 (thumbprint).
package final class Ed25519PublicKey: @unchecked Sendable {
    package let bytes: [UInt8]
    /// RFC 7638 thumbprint, base64url: the `kid` of what the key signs.
    package let thumbprint: String
    /// Never changed after `init`; libcrypto reads it only.
    private let pointer: OpaquePointer

    /// - Parameter bytes: the 32 bytes of RFC 8032.
    package init(bytes: [UInt8]) throws(CryptoError) {
        guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
            throw CryptoError("EVP_PKEY_new_raw_public_key")
        }
        pointer = key
        self.bytes = bytes
        let members = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"\(Base64URL.encode(bytes))\"}"
        thumbprint = Base64URL.encode(Digest.sha256(Array(members.utf8)))
    }

    deinit { EVP_PKEY_free(pointer) }

    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, pointer) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    package var jwk: JWK { JWK(x: Base64URL.encode(bytes), kid: thumbprint) }
}
