/// A configuration file that cannot be used.
package struct ConfigError: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    /// What is wrong, with the key.
    package let problem: String

    package init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// One line: `/etc/vendlock/agent.json: unknown key "chanel"; did you mean "channel"?`
    package var description: String { "\(path): \(problem)" }
}
