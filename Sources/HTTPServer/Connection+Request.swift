private import Glibc

/// What `HTTPRequest` asks of a live connection.
extension Connection {
    var currentMethod: HTTPMethod {
        guard let method else { preconditionFailure("A handler is not called for an unknown method.") }
        return method
    }

    /// The path as it came, percent-encoded.
    var rawPath: UnsafeBufferPointer<UInt8> {
        guard let path else { preconditionFailure("There is no path before the header is complete.") }
        let bytes = UnsafeRawPointer(path).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: bytes, count: strlen(path))
    }

    var target: String {
        let query = handle.query
        return String(decoding: rawPath, as: UTF8.self) + (query.isEmpty ? "" : "?" + query)
    }

    var decodedPath: String { PercentCoding.text(rawPath) }

    func parameter(_ name: String) -> String? {
        dispatcher.takeUnretainedValue().routes.patterns[Int(routeIndex)].value(of: name, in: rawPath).map(PercentCoding.text)
    }

    func query(_ name: String) -> String? {
        handle.queryValue(name).map(PercentCoding.text)
    }

    func header(_ name: String) -> String? { handle.header(name) }

    var remoteAddress: String { handle.address?.text ?? "" }
}
