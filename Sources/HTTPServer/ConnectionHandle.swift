private import CMicroHTTPD
private import Glibc

/// The library's side of a connection: what can be asked of it and done to it.
///
/// Valid between the library's STARTED and CLOSED notices. Ask only in the HTTP thread or while suspended.
struct ConnectionHandle: @unchecked Sendable {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    var socket: Int32 { vendlock_mhd_socket(pointer) }

    var address: PeerAddress? { vendlock_mhd_address(pointer).flatMap { PeerAddress($0) } }

    func header(_ name: String) -> String? {
        MHD_lookup_connection_value(pointer, .HEADER_KIND, name).map { String(cString: $0) }
    }

    /// The number in `Content-Length`; nil when there is none.
    var contentLength: Int? {
        guard let text = MHD_lookup_connection_value(pointer, .HEADER_KIND, "Content-Length") else { return nil }
        // The library has refused anything that is no number; one beyond Int is too long for any route.
        let length = strtoull(text, nil, 10)
        return length > UInt64(Int.max) ? Int.max : Int(length)
    }

    /// Whether the fields say in more than one way where the body ends. The library would read on with one of them, a proxy before it with another.
    /// - Source: RFC 9112 section 6.3.
    var hasUnclearLength: Bool {
        var fields = LengthFields()
        withUnsafeMutablePointer(to: &fields) { _ = MHD_get_connection_values(pointer, .HEADER_KIND, Self.collect, $0) }
        return fields.isUnclear
    }

    private static let collect: @convention(c) (UnsafeMutableRawPointer?, MHD_ValueKind, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> MHD_Result =
        { fields, _, name, value in
            // A name begins both with few others, so most fields cost one comparison.
            if let name, let fields, name.pointee | 0x20 == 0x63 || name.pointee | 0x20 == 0x74 {
                fields.assumingMemoryBound(to: LengthFields.self).pointee.add(name, value)
            }
            return .YES
        }

    /// Still percent-encoded, `+` already a space; valid until the request ends.
    func queryValue(_ name: String) -> UnsafeBufferPointer<UInt8>? {
        guard let text = MHD_lookup_connection_value(pointer, .GET_ARGUMENT_KIND, name) else { return nil }
        let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: bytes, count: strlen(text))
    }

    /// The query as it came, without its `?`; empty when there is none.
    var query: String {
        var text: [UInt8] = []
        withUnsafeMutablePointer(to: &text) { _ = MHD_get_connection_values(pointer, .GET_ARGUMENT_KIND, Self.collectArgument, $0) }
        return String(decoding: text, as: UTF8.self)
    }

    private static let collectArgument:
        @convention(c) (UnsafeMutableRawPointer?, MHD_ValueKind, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> MHD_Result = {
            text, _, name, value in
            guard let name, let text = text?.assumingMemoryBound(to: [UInt8].self) else { return .YES }
            // The library has made `+` a space; a space itself cannot stand in a request line.
            func add(_ part: UnsafePointer<CChar>) {
                for place in 0..<strlen(part) { text.pointee.append(part[place] == 0x20 ? UInt8(ascii: "+") : UInt8(bitPattern: part[place])) }
            }
            if !text.pointee.isEmpty { text.pointee.append(UInt8(ascii: "&")) }
            add(name)
            if let value {
                text.pointee.append(UInt8(ascii: "="))
                add(value)
            }
            return .YES
        }

    /// Stops serving the connection until `resume`; only inside the access handler.
    func suspend() { MHD_suspend_connection(pointer) }

    /// Lets the library call the access handler again; from any thread, once for each `suspend`.
    func resume() { MHD_resume_connection(pointer) }

    /// Sends the response; false when the library cannot, and the connection must be closed.
    func queue(_ response: HTTPResponse, closing: Bool) -> Bool {
        let made = response.body.withUnsafeBytes { body in
            // MUST_COPY: the library never writes to the buffer.
            MHD_create_response_from_buffer(body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let made else { return false }
        defer { MHD_destroy_response(made) }
        for (name, value) in response.headers {
            let added = MHD_add_response_header(made, name, value)
            precondition(added == .YES, "A header field has no line break and no empty name: \(name)")
        }
        if closing { MHD_add_response_header(made, "Connection", "close") }
        return MHD_queue_response(pointer, UInt32(response.status), made) == .YES
    }

    func queue(_ response: PreparedResponse) -> Bool {
        MHD_queue_response(pointer, UInt32(response.status), response.pointer) == .YES
    }
}

/// What a request says of its body's length. The texts are the library's, and are looked at only while it lists them.
private struct LengthFields {
    private var length: UnsafePointer<CChar>?
    private var isChunked = false
    private(set) var isUnclear = false

    mutating func add(_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>?) {
        guard let value else { return }
        // The library takes spaces before the colon for part of the name, and so sees no length where a proxy may (RFC 9112 section 5.1).
        let count = strcspn(name, " \t")
        if count == 14, strncasecmp(name, "Content-Length", count) == 0 {
            if name[count] != 0 { isUnclear = true }
            // The same length twice is one length (RFC 9110 section 8.6).
            if isChunked || length.map({ strcmp($0, value) != 0 }) == true { isUnclear = true }
            length = value
        } else if count == 17, strncasecmp(name, "Transfer-Encoding", count) == 0 {
            if name[count] != 0 { isUnclear = true }
            // `chunked` is the only coding that the library takes off; with any other it would read to the end of the connection.
            if isChunked || length != nil || strcasecmp(value, "chunked") != 0 { isUnclear = true }
            isChunked = true
        }
    }
}
