private import CCrypto
private import Synchronization

/// An Ed25519 key that signs. Safe to use from any thread.
/// - Source: RFC 8032; EVP_PKEY-ED25519(7), EVP_SIGNATURE-ED25519(7).
package final class Ed25519PrivateKey: Sendable {
    /// Signing contexts that are ready: making one costs half as much as a signature does.
    private let contexts = Mutex<[Context]>([])
    private let key: Key
    /// The 32 bytes of the public key.
    package let publicBytes: [UInt8]

    /// The handle; freed with the last signer.
    private final class Key: @unchecked Sendable {
        let pointer: OpaquePointer
        init(_ pointer: OpaquePointer) { self.pointer = pointer }
        deinit { EVP_PKEY_free(pointer) }
    }

    /// One EVP_MD_CTX, used by one thread at a time: whoever took it from `contexts`.
    private final class Context: @unchecked Sendable {
        let pointer: OpaquePointer
        init(_ key: Key) throws(CryptoError) {
            guard let made = EVP_MD_CTX_new() else { throw CryptoError("EVP_MD_CTX_new") }
            pointer = made
            guard EVP_DigestSignInit(pointer, nil, nil, nil, key.pointer) == 1 else { throw CryptoError("EVP_DigestSignInit") }
        }
        deinit { EVP_MD_CTX_free(pointer) }
    }

    /// What stands before the seed of a PKCS #8 PrivateKeyInfo.
    /// - Source: RFC 8410 section 10.3
    private static let prefix: [UInt8] = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]

    /// - Parameter seed: the 32 secret bytes of RFC 8032.
    package init(seed: [UInt8]) throws(CryptoError) {
        precondition(seed.count == 32, "a seed has 32 bytes")
        // As PKCS #8: libcrypto 3.0 keeps a key that it is given raw (EVP_PKEY_new_raw_private_key) in ordinary memory, whatever
        // `SecretMemory` says.
        var info = Self.prefix + seed
        defer { SecretMemory.wipe(&info) }
        let made = info.withUnsafeBufferPointer { info in
            var start = info.baseAddress
            return d2i_PrivateKey(EVP_PKEY_ED25519, nil, &start, info.count)
        }
        guard let pointer = made else { throw CryptoError("d2i_PrivateKey") }
        key = Key(pointer)
        var bytes = [UInt8](repeating: 0, count: 32)
        var length = bytes.count
        guard EVP_PKEY_get_raw_public_key(pointer, &bytes, &length) == 1, length == 32 else {
            throw CryptoError("EVP_PKEY_get_raw_public_key")
        }
        publicBytes = bytes
    }

    /// A new seed from the system's generator.
    package static func newSeed() throws(CryptoError) -> [UInt8] { try RandomBytes.make(32) }

    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let ready = contexts.withLock { $0.popLast() }
        let context = if let ready { ready } else { try Context(key) }
        var signature = [UInt8](repeating: 0, count: 64)
        var length = signature.count
        guard EVP_DigestSign(context.pointer, &signature, &length, message, message.count) == 1, length == 64 else {
            throw CryptoError("EVP_DigestSign")
        }
        contexts.withLock { $0.append(context) }
        return signature
    }

    package var publicKey: Ed25519PublicKey { get throws(CryptoError) { try Ed25519PublicKey(bytes: publicBytes) } }
}
