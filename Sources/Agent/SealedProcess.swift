package import Platform
private import Signing

/// This process as a holder of the terminal's key.
package enum SealedProcess {
    /// Before the key is read: its memory is closed to everybody of the same user, and keys lie in pages that are never swapped out.
    package static func begin() throws(SystemError) {
        try ProcessMemory.seal()
        if !SecretMemory.begin() {
            Log.warning("The terminal's key cannot be kept out of the swap space: raise the limit of locked memory (LimitMEMLOCK).")
        }
    }
}
