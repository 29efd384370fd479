/// Why an inline handler is called again for the same request.
package enum Waking: Sendable, Equatable {
    /// The subject was woken, perhaps before the request was parked. A hint: read the truth again.
    case changed
    /// The parking's deadline has come.
    case deadline
    /// A newer poll with the same key was parked; this one must answer.
    case superseded
    /// The server stops; this one must answer.
    case shuttingDown
    /// A worker has answered `handleAgain`.
    case resumed
}
