/// One request as a provider sends it to the server: the body's bytes, signed as they are.
package struct Webhook: Sendable {
    package var body: [UInt8]
    package var contentType: String
    /// Further lines, `Name: value`; `Content-Type` is not among them.
    package var headers: [String]

    package init(body: [UInt8], contentType: String = "application/json", headers: [String] = []) {
        self.body = body
        self.contentType = contentType
        self.headers = headers
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Sends it and leaves the answer to be read.
    package func send(to port: UInt16, _ path: String) throws -> RawConnection {
        let connection = try RawConnection(port: port)
        var head = "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
        for header in headers { head += header + "\r\n" }
        try connection.send(Array((head + "\r\n").utf8) + body)
        return connection
    }

    @discardableResult
    package func post(to port: UInt16, _ path: String) throws -> Reply { try send(to: port, path).reply() }
}

/// Webhooks of each provider, made and signed without the product's own code for them.
package enum Webhooks {}
