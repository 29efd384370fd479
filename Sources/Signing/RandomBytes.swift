private import CCrypto
private import Wire

/// Bytes from the system's generator through libcrypto.
package enum RandomBytes {
    package static func make(_ count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw CryptoError("RAND_bytes") }
        return bytes
    }

    /// `count` random bytes as base64url text: nonces, identifiers, secrets.
    package static func text(_ count: Int) throws(CryptoError) -> String {
        Base64URL.encode(try make(count))
    }
}
