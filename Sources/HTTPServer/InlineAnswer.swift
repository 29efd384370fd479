/// What an inline handler decides.
package enum InlineAnswer: Sendable {
    case respond(HTTPResponse)
    /// A response made once and sent many times.
    case prepared(PreparedResponse)
    /// Hold the request until its subject is woken or the deadline comes; the handler is then called again.
    case park(Parking)
    /// The answer needs something that blocks: the closure runs on a worker thread.
    case worker(@Sendable (HTTPRequest) -> WorkerAnswer)
}

/// What the closure of `InlineAnswer.worker` decides.
package enum WorkerAnswer: Sendable {
    case respond(HTTPResponse)
    /// What was missing is there now: the inline handler is called again with `Waking.resumed`, and may park.
    case handleAgain
}
