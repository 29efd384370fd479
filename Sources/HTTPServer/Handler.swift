/// What answers a route. The request is valid only until the closure returns.
package enum Handler: Sendable {
    /// Runs on a worker thread and may block; the connection is suspended meanwhile.
    case worker(@Sendable (HTTPRequest) -> HTTPResponse)
    /// Runs in the HTTP thread and must not block: every other connection of the thread waits for it.
    ///
    /// Called without a `Waking` first, then once after each parking or `.worker` answer, with the reason.
    case inline(@Sendable (HTTPRequest, Waking?) -> InlineAnswer)
}
