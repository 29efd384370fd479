/// A position that is being looked for.
struct Search: Sendable, Equatable {
    enum Stage: Sendable, Equatable {
        case position
        /// There is no position, for this reason: the cell of the modem is asked for.
        case cell(LocationFailure)
    }

    /// The command's identifier, which the answer names; `nil`: the terminal looks by itself.
    var command: String?
    var stage = Stage.position
    /// Boot time at which this stage is given up.
    var end: Duration
}
