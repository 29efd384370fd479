private import CCrypto

/// Memory for private keys.
package enum SecretMemory {
    /// Bytes set apart: a key takes under a hundred.
    private static let size = 32 * 1024
    private static let smallest = 32

    /// From now on libcrypto keeps private keys in pages of their own: never swapped out, in no core file, between guard pages; and it wipes
    /// whatever it frees. Once, before anything else of libcrypto.
    ///
    /// Not covered are the copies made on the way: a file's bytes and a seed are wiped with `wipe`, and no decoder of JSON may see them.
    /// - Returns: whether all of that holds; without it keys are kept as ordinary memory.
    /// - Source: CRYPTO_secure_malloc_init(3), CRYPTO_set_mem_functions(3)
    package static func begin() -> Bool {
        if CRYPTO_secure_malloc_initialized() == 1 { return true }
        let isWiping = vendlock_wipe_what_is_freed() == 1
        return CRYPTO_secure_malloc_init(size, smallest) == 1 && isWiping
    }

    /// Whether it has begun.
    package static var isReady: Bool { CRYPTO_secure_malloc_initialized() == 1 }

    /// Bytes that keys take of it now.
    package static var used: Int { isReady ? CRYPTO_secure_used() : 0 }

    /// Overwrites a secret that is not needed any more; the compiler cannot leave that out. Other copies of the array stay as they are.
    /// - Source: OPENSSL_cleanse(3)
    package static func wipe(_ secret: inout [UInt8]) {
        secret.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        secret = []
    }
}
