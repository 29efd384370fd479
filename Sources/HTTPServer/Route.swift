/// One method of one path, and what answers it.
package struct Route: Sendable {
    package let method: HTTPMethod
    package let pattern: String
    /// Bytes of the largest body that is taken; a larger one is answered 413.
    package let bodyLimit: Int
    package let handler: Handler

    /// - Parameter pattern: `/v1/devices/{imei}/notes`: each segment is literal or one parameter. A literal path wins over a pattern,
    ///   an earlier pattern over a later one. A route for HEAD is not written: GET answers it.
    package init(_ method: HTTPMethod, _ pattern: String, bodyLimit: Int = 0, handler: Handler) {
        precondition(method != .HEAD, "GET answers HEAD.")
        self.method = method
        self.pattern = pattern
        self.bodyLimit = bodyLimit
        self.handler = handler
    }
}
