/// A complete HTTP response, whatever its status.
package struct HTTPClientResponse: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package let status: Int
    /// In the order they came.
    package let headers: [Header]
    package let body: [UInt8]
    /// What the TLS handshake took, a round trip (RFC 8446 section 2), or TCP without TLS; absent on a kept connection.
    package let roundTrip: Duration?
    /// SHA-256 over the SubjectPublicKeyInfo of the server that answered; `nil` without TLS.
    package let serverKey: [UInt8]?

    package init(status: Int, headers: [Header], body: [UInt8], roundTrip: Duration? = nil, serverKey: [UInt8]? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.roundTrip = roundTrip
        self.serverKey = serverKey
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}
