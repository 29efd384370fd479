private import Wire

/// Why a compact JWS is not accepted.
package enum JWSRefusal: String, Error, Sendable {
    case malformed, wrongAlgorithm = "wrong_algorithm", wrongType = "wrong_type", unknownKey = "unknown_key", badSignature = "bad_signature"
}

/// A compact JWS signed with Ed25519, and nothing else: any other `alg`, `none` included, is refused before a key is looked at.
/// - Source: RFC 7515, RFC 8037, RFC 8725.
package enum CompactJWS {
    /// The longest token that is looked at.
    package static let longest = 16 * 1024

    private struct Header: Codable {
        var alg: String
        var typ: String?
        var kid: String?
        /// Extensions that must be understood (RFC 7515 section 4.1.11); we understand none.
        var crit: [String]?
    }

    /// Signs many payloads with one key and one type: the header is encoded once.
    package struct Signer: Sendable {
        private let key: Ed25519PrivateKey
        private let header: [UInt8]

        package init(key: Ed25519PrivateKey, type: String) throws(CryptoError) {
            self.key = key
            var json = JSONObjectWriter()
            json.field("alg", "EdDSA")
            json.field("typ", type)
            json.field("kid", try key.publicKey.thumbprint)
            var encoded: [UInt8] = []
            Base64URL.append(json.finish(), to: &encoded)
            encoded.append(UInt8(ascii: "."))
            header = encoded
        }

        package func sign(_ payload: [UInt8]) throws(CryptoError) -> [UInt8] {
            var token = header
            token.reserveCapacity(header.count + payload.count * 4 / 3 + 90)
            Base64URL.append(payload, to: &token)
            let signature = try key.sign(token)
            token.append(UInt8(ascii: "."))
            Base64URL.append(signature, to: &token)
            return token
        }
    }

    /// The payload, if `token` is signed over the received bytes by one of `keys` (by `kid`; one key needs none).
    package static func verify(_ token: [UInt8], type: String?, keys: [Ed25519PublicKey]) throws(JWSRefusal) -> [UInt8] {
        guard token.count <= longest else { throw .malformed }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let headerBytes = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]) else { throw .malformed }
        let header: Header
        do { header = try JSON.decode(Header.self, from: headerBytes) } catch { throw .malformed }
        guard header.alg == "EdDSA" else { throw .wrongAlgorithm }
        guard header.crit == nil else { throw .wrongType }
        if let type, header.typ?.lowercased() != type.lowercased() { throw .wrongType }
        let candidates = header.kid.map { kid in keys.filter { $0.thumbprint == kid } } ?? keys
        guard !candidates.isEmpty else { throw .unknownKey }
        guard let signature = Base64URL.decode(parts[2]) else { throw .malformed }
        let signed = Array(token[..<parts[1].endIndex])
        guard candidates.contains(where: { $0.verifies(signature, of: signed) }) else { throw .badSignature }
        return payload
    }
}
