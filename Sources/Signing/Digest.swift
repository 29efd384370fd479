private import CCrypto

/// SHA-256 (FIPS 180-4) and what belongs to comparing digests.
package enum Digest {
    package static func sha256(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        precondition(SHA256(message, message.count, &digest) != nil, "SHA-256 needs no resources")
        return digest
    }

    /// Compares without telling by its duration where the difference is.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    package static func hex(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
