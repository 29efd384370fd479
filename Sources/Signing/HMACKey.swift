private import CCrypto
private import Synchronization

/// A key for many HMAC codes (RFC 2104). Safe to use from any thread.
///
/// Keeps contexts that hold the key already: looking up the algorithm and taking in the key anew costs several times the code itself.
/// - Source: EVP_MAC(3), EVP_MAC-HMAC(7).
package final class HMACKey: Sendable {
    package enum Algorithm: String, Sendable {
        case sha256 = "SHA256"
        case sha512 = "SHA512"
        /// Only where an interface of others asks for it.
        case sha1 = "SHA1"

        var length: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    private let key: [UInt8]
    private let algorithm: Algorithm
    private let contexts = Mutex<[Context]>([])

    /// One EVP_MAC_CTX, used by one thread at a time: whoever took it from `contexts`.
    private final class Context: @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ key: [UInt8], _ algorithm: Algorithm) throws(CryptoError) {
            guard let method = EVP_MAC_fetch(nil, "HMAC", nil) else { throw CryptoError("EVP_MAC_fetch") }
            defer { EVP_MAC_free(method) }
            guard let made = EVP_MAC_CTX_new(method) else { throw CryptoError("EVP_MAC_CTX_new") }
            pointer = made
            guard vendlock_hmac_init(pointer, algorithm.rawValue, key, key.count) == 1 else { throw CryptoError("EVP_MAC_init") }
        }

        deinit { EVP_MAC_CTX_free(pointer) }
    }

    package init(_ key: [UInt8], _ algorithm: Algorithm = .sha256) {
        self.key = key
        self.algorithm = algorithm
    }

    package func code(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let ready = contexts.withLock { $0.popLast() }
        let context = if let ready { ready } else { try Context(key, algorithm) }
        var code = [UInt8](repeating: 0, count: algorithm.length)
        var length = 0
        // Without a key, init starts over with the one that the context holds.
        guard EVP_MAC_init(context.pointer, nil, 0, nil) == 1, EVP_MAC_update(context.pointer, message, message.count) == 1,
            EVP_MAC_final(context.pointer, &code, &length, code.count) == 1, length == code.count
        else { throw CryptoError("EVP_MAC") }
        contexts.withLock { $0.append(context) }
        return code
    }
}
