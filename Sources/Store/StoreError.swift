/// One failure of the store.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case exists
        case notFound = "not_found"
        /// Disk full, file damaged, connection lost: the world's fault, may pass.
        case unavailable
        case corrupt
        case closed
    }
    package let code: Code
    package let operation: String
    package let detail: String
    package let native: Int32

    package init(code: Code, operation: String, detail: String, native: Int32 = 0) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.native = native
    }

    package var description: String { "\(operation): \(detail)" }
}
