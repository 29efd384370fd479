/// What is sent back: status, header fields and body.
///
/// `Date`, `Content-Length` and `Connection` are added on the way out.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// Names and values without line breaks.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a body of the given media type.
    package init(status: Int, contentType: String, body: [UInt8]) {
        self.init(status: status, headers: [("Content-Type", contentType)], body: body)
    }

    /// The first `Content-Type` field; nil where there is none. Setting replaces it.
    package var contentType: String? {
        get { headers.first { $0.name == "Content-Type" }?.value }
        set {
            headers.removeAll { $0.name == "Content-Type" }
            if let newValue { headers.append(("Content-Type", newValue)) }
        }
    }
}
