/// The public key of a TLS server, by its digest: SHA-256 over the certificate's SubjectPublicKeyInfo.
///
/// Written as curl takes it: `sha256//` and 44 characters of base64 with the standard alphabet.
/// - Source: CURLOPT_PINNEDPUBLICKEY(3); RFC 7469 section 2.4 defines the same digest.
package struct CertificatePin: Hashable, Sendable, CustomStringConvertible {
    private static let prefix = "sha256//"
    /// In one set: the key in use, one or two for what comes after it, and as many of the authorities' moods.
    package static let most = 8

    /// 32 bytes.
    package let digest: [UInt8]

    package init(digest: [UInt8]) {
        precondition(digest.count == 32, "SHA-256 has 32 bytes")
        self.digest = digest
    }

    /// `nil` for everything that is not exactly such a text.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let body = text.utf8.dropFirst(Self.prefix.utf8.count).prefix { $0 != UInt8(ascii: "=") }
        let alphabet = body.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
        guard let digest = Base64URL.decode(alphabet), digest.count == 32 else { return nil }
        self.digest = digest
        // Padding that is missing or doubled, and the other alphabet, are not written so.
        guard description == text else { return nil }
    }

    package var description: String {
        let body = Base64URL.encode(digest).utf8
            .map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 }
        return Self.prefix + String(decoding: body, as: UTF8.self) + "="
    }
}

extension CertificatePin: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let pin = CertificatePin(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "A pin is written sha256// and 44 characters of base64.")
        }
        self = pin
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Which keys a terminal accepts of its server from now on: signed by the server like a lease, because whoever could say it could
/// shut the terminal out.
package struct PinGrant: Codable, Sendable, Equatable {
    package static let type = "pins+jwt"

    package var sub: IMEI
    /// Of the connection request.
    package var nonce: String
    /// Takes the place of those before; empty: any key that the authority certifies.
    package var pins: [CertificatePin]

    package init(sub: IMEI, nonce: String, pins: [CertificatePin]) {
        self.sub = sub
        self.nonce = nonce
        self.pins = pins
    }
}
