private import CCrypto
private import FoundationEssentials

/// An RSA key that verifies. Safe to use from any thread.
///
/// For interfaces of others only: what vendlock signs itself is signed with Ed25519.
/// - Source: RFC 8017 section 8.2 (RSASSA-PKCS1-v1_5), RFC 5280 section 4.1 (SubjectPublicKeyInfo), RFC 7468 (the armour).
package final class RSAPublicKey: @unchecked Sendable {
    /// Bits of the modulus: below it a key is not safe any more (NIST SP 800-131A).
    package static let smallest: Int32 = 2048

    /// Never changed after `init`; libcrypto reads it only.
    private let pointer: OpaquePointer

    /// - Parameter pem: a SubjectPublicKeyInfo or a PKCS #1 key in base64, on one line or many, with or without armour.
    ///   The label does not count: there are providers that write `RSA PUBLIC KEY` above a SubjectPublicKeyInfo.
    package init(pem: String) throws(CryptoError) {
        guard let encoded = Self.armoured(pem), let data = Data(base64Encoded: encoded) else {
            throw CryptoError(operation: "reading an RSA public key", detail: "it is no PEM; copy it whole, from -----BEGIN to -----END…-----")
        }
        let der = Array(data)
        guard let key = Self.subjectPublicKeyInfo(der) ?? Self.pkcs1(der) else {
            throw CryptoError(operation: "reading an RSA public key", detail: "there is no public key in it")
        }
        pointer = key
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else {
            throw CryptoError(operation: "reading an RSA public key", detail: "it is a key of another kind")
        }
        let bits = EVP_PKEY_get_bits(key)
        guard bits >= Self.smallest else {
            throw CryptoError(operation: "reading an RSA public key", detail: "it has \(bits) bits, and must have at least \(Self.smallest)")
        }
    }

    deinit { EVP_PKEY_free(pointer) }

    /// Whether `signature` is RSASSA-PKCS1-v1_5 with SHA-256 over `message`.
    package func verifiesSHA256(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        // PKCS #1 v1.5 is what libcrypto takes for an RSA key unless told otherwise; EVP_PKEY_CTX_set_rsa_padding(3).
        guard signature.count == Int(EVP_PKEY_get_size(pointer)), let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, pointer) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// The base64 between the armour, without spaces and line ends; `nil` for armour that has no end.
    private static func armoured(_ text: String) -> String? {
        var rest = Substring(text)
        let dashes = "-----"
        if let begin = rest.firstRange(of: dashes + "BEGIN ") {
            guard let label = rest[begin.upperBound...].firstRange(of: dashes) else { return nil }
            rest = rest[label.upperBound...]
            guard let end = rest.firstRange(of: dashes + "END ") else { return nil }
            rest = rest[..<end.lowerBound]
        }
        return String(rest.filter { !$0.isWhitespace })
    }

    private static func subjectPublicKeyInfo(_ der: [UInt8]) -> OpaquePointer? {
        whole(der) { d2i_PUBKEY(nil, &$0, $1) }
    }

    private static func pkcs1(_ der: [UInt8]) -> OpaquePointer? {
        whole(der) { d2i_PublicKey(EVP_PKEY_RSA, nil, &$0, $1) }
    }

    /// The key, if it is all that there is.
    private static func whole(
        _ der: [UInt8], _ read: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?
    ) -> OpaquePointer? {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return nil }
            var place: UnsafePointer<UInt8>? = start
            guard let key = read(&place, bytes.count) else { return nil }
            guard place == start + bytes.count else {
                EVP_PKEY_free(key)
                return nil
            }
            return key
        }
    }
}
