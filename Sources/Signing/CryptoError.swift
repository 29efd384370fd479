private import CCrypto

/// A failure inside libcrypto: the operation and its own error text, never key material.
package struct CryptoError: Error, CustomStringConvertible {
    package let operation: String
    package let detail: String

    /// Reads libcrypto's error queue at once, before another call changes it.
    init(_ operation: String) {
        self.operation = operation
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_get_error(), &text, text.count)
        ERR_clear_error()
        detail = text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    package init(operation: String, detail: String) {
        self.operation = operation
        self.detail = detail
    }

    package var description: String { "\(operation) failed in libcrypto: \(detail)" }
}
