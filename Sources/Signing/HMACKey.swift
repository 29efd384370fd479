private import CCrypto
private import Synchronization

/// A key for many HMAC-SHA-256 codes (RFC 2104). Safe to use from any thread.
///
/// Keeps contexts that hold the key already: looking up the algorithm and taking in the key anew costs several times the code itself.
/// - Source: EVP_MAC(3), EVP_MAC-HMAC(7).
package final class HMACKey: Sendable {
    private let key: [UInt8]
    private let contexts = Mutex<[Context]>([])

    /// One EVP_MAC_CTX, used by one thread at a time: whoever took it from `contexts`.
    private final class Context: @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ key: [UInt8]) throws(CryptoError) {
            guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { throw CryptoError("EVP_MAC_fetch") }
            defer { EVP_MAC_free(algorithm) }
            guard let made = EVP_MAC_CTX_new(algorithm) else { throw CryptoError("EVP_MAC_CTX_new") }
            pointer = made
            guard vendlock_hmac_sha256_init(pointer, key, key.count) == 1 else { throw CryptoError("EVP_MAC_init") }
        }

        deinit { EVP_MAC_CTX_free(pointer) }
    }

    package init(_ key: [UInt8]) { self.key = key }

    package func code(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let ready = contexts.withLock { $0.popLast() }
        let context = if let ready { ready } else { try Context(key) }
        var code = [UInt8](repeating: 0, count: 32)
        var length = 0
        // Without a key, init starts over with the one that the context holds.
        guard EVP_MAC_init(context.pointer, nil, 0, nil) == 1, EVP_MAC_update(context.pointer, message, message.count) == 1,
            EVP_MAC_final(context.pointer, &code, &length, code.count) == 1, length == code.count
        else { throw CryptoError("EVP_MAC") }
        contexts.withLock { $0.append(context) }
        return code
    }
}
