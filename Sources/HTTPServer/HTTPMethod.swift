/// The request methods that routes are written for.
package enum HTTPMethod: String, Sendable, CaseIterable {
    case GET, POST, PUT, PATCH, DELETE, HEAD

    /// The method of a request line; nil for one that no route can have.
    init?(name: UnsafePointer<CChar>) {
        self.init(rawValue: String(cString: name))
    }

    /// The method whose route answers: a HEAD is a GET whose body is not sent.
    var routed: HTTPMethod { self == .HEAD ? .GET : self }
}
