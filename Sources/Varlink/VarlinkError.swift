/// Why a connection cannot go on, or a call brought no reply.
package struct VarlinkError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A message beyond the limit.
        case tooLong
        /// Not a JSON object of the form that Varlink has.
        case malformed
        /// Nobody listens at that socket, or it may not be used.
        case unreachable
        /// The deadline passed.
        case timeout
        /// The other side closed the connection.
        case closed
        /// The other side answered with an error: `fault` is its name.
        case fault
    }

    package let code: Code
    package let detail: String
    /// The error's full name, such as `org.varlink.service.MethodNotFound`; only with `.fault`.
    package let fault: String?

    package init(_ code: Code, _ detail: String, fault: String? = nil) {
        self.code = code
        self.detail = detail
        self.fault = fault
    }

    package var description: String { detail }
}
