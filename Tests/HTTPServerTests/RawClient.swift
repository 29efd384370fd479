private import Glibc

/// A client that speaks through a socket, byte by byte where a test wants it. Each wait ends after 20 s with an error.
final class RawClient: @unchecked Sendable {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    /// - Parameter source: the address to connect from, as `127.0.0.2`.
    init(port: UInt16, from source: String? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw RawClientError(operation: "socket", native: errno) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var noDelay: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
        if let source { try Self.check(Self.with(source, 0) { bind(descriptor, $0, $1) }, "bind") }
        try Self.check(Self.with("127.0.0.1", port) { connect(descriptor, $0, $1) }, "connect")
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw RawClientError(operation: "send", native: errno) }
            sent += count
        }
    }

    func get(_ target: String, headers: String = "") throws {
        try send("GET \(target) HTTP/1.1\r\nHost: test\r\n\(headers)\r\n")
    }

    func post(_ target: String, _ body: String, headers: String = "") throws {
        try send("POST \(target) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// The next response; its body is read by `Content-Length` unless there is none to come.
    ///
    /// - Parameter final: whether to pass over "100 Continue".
    func reply(hasBody: Bool = true, final: Bool = true) throws -> Reply {
        while true {
            if let end = headerEnd() {
                var reply = Reply(head: String(decoding: pending[..<end], as: UTF8.self))
                pending.removeFirst(end + 4)
                if final, reply.status == 100 { continue }
                let length = hasBody ? Int(reply.header("Content-Length") ?? "0")! : 0
                while pending.count < length { try receive() }
                reply.body = String(decoding: pending[..<length], as: UTF8.self)
                pending.removeFirst(length)
                return reply
            }
            try receive()
        }
    }

    /// Whether the server has closed, once all that it sent is read.
    func isClosedByServer() throws -> Bool {
        do {
            while true { try receive() }
        } catch let error as RawClientError where error.operation == "end" || error.native == ECONNRESET {
            return true
        }
    }

    /// Ends this side of the connection, as a client that goes away.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func headerEnd() -> Int? {
        guard pending.count >= 4 else { return nil }
        return (0...pending.count - 4).first { pending[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count != 0 else { throw RawClientError(operation: "end", native: 0) }
        guard count > 0 else { throw RawClientError(operation: "recv", native: errno) }
        pending += buffer[..<count]
    }

    private static func check(_ result: Int32, _ operation: String) throws {
        guard result == 0 else { throw RawClientError(operation: operation, native: errno) }
    }

    private static func with(_ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}

/// What failed; `operation` is "end" when the server has closed.
struct RawClientError: Error {
    let operation: String
    let native: Int32
}

/// A response as it came over the wire.
struct Reply {
    let status: Int
    private let fields: [(name: String, value: String)]
    var body = ""

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = Int(lines[0].split(separator: " ")[1])!
        fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":")!
            return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
    }

    func header(_ name: String) -> String? { fields.first { $0.name == name.lowercased() }?.value }
}
