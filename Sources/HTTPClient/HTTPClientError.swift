/// A transfer that brought no response.
package struct HTTPClientError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The server's name has no address, or no name server answers.
        case resolve
        /// Nobody listens there, or the network is not there.
        case connect
        /// The certificate or the handshake is not right.
        case tls
        /// The deadline passed.
        case timeout
        /// More body or headers than accepted.
        case tooLarge
        /// The address, method or a header cannot be sent.
        case badURL
        /// The connection ended before the response did.
        case closed
        case other
    }

    /// Why whoever answered is not believed to be the server. A handshake that was cut or only failed is no such reason.
    package enum Distrust: Sendable {
        /// The certificate is right, and its key is none of `pinnedKeys`.
        case key
        /// Nobody who is trusted has signed it, or not for this time.
        case certificate
        /// It is another host's.
        case name
        /// What answers does not speak TLS, as the login page of a network.
        case notTLS
    }

    package let code: Code
    /// Only with `tls`.
    package let distrust: Distrust?
    /// `GET https://host`, without path and query.
    package let operation: String
    /// What happened, without headers and bodies.
    package let detail: String
    /// curl's own code; 0 when it was not asked.
    /// - Source: libcurl-errors(3)
    package let native: Int32
    /// Whether a byte of the request was sent: then nobody knows what the server did with it. False: it was certainly not heard.
    package let mayHaveArrived: Bool
    /// Nothing answered on the way to the server, not even to refuse.
    package let isSilence: Bool
    /// TCP was answered, and the handshake after it was not over in time.
    package let isSlowConnection: Bool

    package init(
        _ code: Code, operation: String, detail: String, native: Int32 = 0, mayHaveArrived: Bool = false, isSilence: Bool = false,
        isSlowConnection: Bool = false, distrust: Distrust? = nil
    ) {
        self.distrust = distrust
        self.code = code
        self.operation = operation
        self.detail = detail
        self.native = native
        self.mayHaveArrived = mayHaveArrived
        self.isSilence = isSilence
        self.isSlowConnection = isSlowConnection
    }

    /// One line: `GET https://a.example: could not resolve host: a.example`.
    package var description: String { "\(operation): \(detail)" }
}
