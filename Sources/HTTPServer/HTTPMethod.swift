/// The request methods that routes are written for.
package enum HTTPMethod: String, Sendable, CaseIterable {
    case GET, POST, PUT, PATCH, DELETE, HEAD

    /// The method of a request line; nil for one that no route can have.
    init?(name: UnsafePointer<CChar>) {
        switch (UInt8(bitPattern: name[0]), String(cString: name)) {
        case (UInt8(ascii: "G"), "GET"): self = .GET
        case (UInt8(ascii: "P"), "POST"): self = .POST
        case (UInt8(ascii: "P"), "PUT"): self = .PUT
        case (UInt8(ascii: "P"), "PATCH"): self = .PATCH
        case (UInt8(ascii: "D"), "DELETE"): self = .DELETE
        case (UInt8(ascii: "H"), "HEAD"): self = .HEAD
        default: return nil
        }
    }

    /// The method whose route answers: a HEAD is a GET whose body is not sent.
    var routed: HTTPMethod { self == .HEAD ? .GET : self }
}
