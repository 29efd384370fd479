/// One request, as its handler sees it. Valid only until the handler returns.
///
/// Header fields and parameters are looked up in the connection when asked for, never copied beforehand. It is not
/// `Sendable`: copy out what must outlive the handler.
package struct HTTPRequest {
    private enum Source {
        case live(Connection, number: UInt32)
        indirect case values(RequestValues)
    }

    private let source: Source

    init(live connection: Connection) {
        source = .live(connection, number: connection.requestNumber)
    }

    /// A request from values, so that a handler can be called without a server.
    ///
    /// - Parameter headers: names in any case.
    package init(
        method: HTTPMethod, path: String, parameters: [String: String] = [:], query: [String: String] = [:],
        headers: [String: String] = [:], body: [UInt8] = [], remoteAddress: String = "192.0.2.1",
        parkedState: (any AnyObject & Sendable)? = nil
    ) {
        source = .values(
            RequestValues(
                method: method, path: path, parameters: parameters, query: query,
                headers: Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first },
                body: body, remoteAddress: remoteAddress, parkedState: parkedState))
    }

    /// HEAD stays HEAD here, although a GET route answers it.
    package var method: HTTPMethod { read(\.currentMethod, \.method) }

    /// Percent-decoded, without the query.
    package var path: String { read(\.decodedPath, \.path) }

    /// Path and query as they came: what a signature over the address covers.
    package var target: String { read(\.target, \.target) }

    /// The segment that `{name}` stands for in the route's pattern, percent-decoded.
    package func parameter(_ name: String) -> String {
        let value = read({ $0.parameter(name) }, { $0.parameters[name] })
        guard let value else { preconditionFailure("The route has no parameter {\(name)}.") }
        return value
    }

    /// The first value of a query parameter, decoded; nil when it is absent or has no `=`.
    package func query(_ name: String) -> String? { read({ $0.query(name) }, { $0.query[name] }) }

    /// The first value of a header field, whatever the case of its name; nil when it is absent.
    package func header(_ name: String) -> String? { read({ $0.header(name) }, { $0.headers[name.lowercased()] }) }

    package var body: [UInt8] { read(\.body, \.body) }

    /// The peer's address in numbers, without the port.
    package var remoteAddress: String { read(\.remoteAddress, \.remoteAddress) }

    /// What the handler kept in its last `Parking`; nil in the first call.
    package var parkedState: (any AnyObject & Sendable)? { read(\.parkedState, \.parkedState) }

    @inline(__always)
    private func read<Value>(_ live: (Connection) -> Value, _ values: (RequestValues) -> Value) -> Value {
        switch source {
        case .live(let connection, let number):
            precondition(connection.requestNumber == number, "A request is not used after its handler has returned.")
            return live(connection)
        case .values(let copy): return values(copy)
        }
    }
}

/// What `HTTPRequest` is made of where there is no connection.
struct RequestValues: Sendable {
    let method: HTTPMethod
    let path: String
    let parameters: [String: String]
    let query: [String: String]
    let headers: [String: String]
    let body: [UInt8]
    let remoteAddress: String
    /// Parameters need no encoding here: nobody signs a request that never was.
    var target: String { path + (query.isEmpty ? "" : "?" + query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")) }
    let parkedState: (any AnyObject & Sendable)?
}
