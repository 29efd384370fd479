/// Why the agent cannot go on: one sentence that says what to do, without secrets.
package struct AgentError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A file, a directory or the gate's socket.
        case system
        /// The configuration lacks or contradicts something.
        case config
        /// The server said no; `detail` has its reason.
        case refused
        /// The server was not reached.
        case unreachable
        /// The server's answer, or a file of ours, is not what it should be.
        case malformed
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
