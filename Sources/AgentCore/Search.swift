/// A position that the server has asked for and that is being looked for.
struct Search: Sendable, Equatable {
    /// The command's identifier; the answer names it.
    let command: String
    /// Boot time at which it is given up.
    let end: Duration
}
