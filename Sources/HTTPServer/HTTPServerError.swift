/// The server could not be started.
package struct HTTPServerError: Error, CustomStringConvertible {
    package enum Code: String, Sendable { case address, socket, daemon, thread }

    package let code: Code
    package let operation: String
    package let detail: String
    /// errno or the resolver's code; 0 where the library gives none.
    package let native: Int32

    package var description: String { "\(operation): \(detail) (\(code.rawValue) \(native))" }
}
