import Glibc

/// One TCP connection to a server on this machine: sends the bytes it is given, reads whole responses.
///
/// Concurrency: one thread at a time.
package final class RawConnection {
    private let socket: Int32
    private var pending: [UInt8] = []

    package init(port: UInt16) throws {
        // Close-on-exec: a server started meanwhile must not keep this connection open.
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Failure("no socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        // From here on `deinit` closes it, also when this throws.
        guard connected == 0 else { throw Failure("nobody listens on port \(port): errno \(errno)") }
    }

    deinit { close(socket) }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure("the server closed the connection while it was sent to: errno \(errno)") }
            sent += count
        }
    }

    /// Says that nothing more will be sent.
    package func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// Whether something to read, or the end, has come.
    package func hasNews(within limit: Duration = .zero) -> Bool {
        if !pending.isEmpty { return true }
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, Int32(limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000)) > 0
    }

    /// The next response; its body ends with its length, its last chunk, or the connection.
    package func reply(hasBody: Bool = true, within limit: Duration = .seconds(30)) throws -> Reply {
        let end = ContinuousClock.now + limit
        while true {
            let head = try readHead(until: end)
            if (100..<200).contains(head.status) { continue }
            func field(_ name: String) -> String? { head.headers.first { $0.name.lowercased() == name }?.value }
            let body: [UInt8]
            if !hasBody || head.status == 204 || head.status == 304 {
                body = []
            } else if field("transfer-encoding")?.lowercased() == "chunked" {
                body = try readChunks(until: end)
            } else if let length = field("content-length").flatMap({ Int($0) }) {
                body = try take(length, until: end)
            } else {
                body = try readToEnd(until: end)
            }
            return Reply(status: head.status, headers: head.headers, body: body)
        }
    }

    /// All that comes until the server closes.
    package func readToEnd(within limit: Duration = .seconds(30)) throws -> [UInt8] { try readToEnd(until: .now + limit) }

    private func readToEnd(until end: ContinuousClock.Instant) throws -> [UInt8] {
        while try fill(until: end) {}
        defer { pending = [] }
        return pending
    }

    private func readHead(until end: ContinuousClock.Instant) throws -> (status: Int, headers: [(name: String, value: String)]) {
        let lines = String(decoding: try take(through: Array("\r\n\r\n".utf8), until: end), as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: true)
        guard let first = lines.first, first.hasPrefix("HTTP/1."), let status = Int(first.split(separator: " ").dropFirst().first ?? "") else {
            throw Failure("not an HTTP response: \(lines.first ?? "nothing")")
        }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        return (status, headers)
    }

    private func readChunks(until end: ContinuousClock.Instant) throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = String(decoding: try take(through: Array("\r\n".utf8), until: end).dropLast(2), as: UTF8.self)
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else { throw Failure("not a chunk: \(line)") }
            body += try take(size, until: end)
            _ = try take(2, until: end)
            if size == 0 { return body }
        }
    }

    private func take(through mark: [UInt8], until end: ContinuousClock.Instant) throws -> [UInt8] {
        while true {
            if let range = pending.firstRange(of: mark) { return try take(range.upperBound, until: end) }
            guard try fill(until: end) else { throw Failure("the server closed the connection without an answer") }
        }
    }

    private func take(_ count: Int, until end: ContinuousClock.Instant) throws -> [UInt8] {
        while pending.count < count {
            guard try fill(until: end) else { throw Failure("the server closed the connection in the middle of an answer") }
        }
        defer { pending.removeFirst(count) }
        return Array(pending.prefix(count))
    }

    /// - Returns: false at the end of the connection.
    private func fill(until end: ContinuousClock.Instant) throws -> Bool {
        let left = end - .now
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard left > .zero, poll(&descriptor, 1, Int32(left.components.seconds * 1000 + 1)) > 0 else { throw Failure("no answer in time") }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count < 0 { throw Failure("the connection broke: errno \(errno)") }
        pending += buffer[..<count]
        return count > 0
    }
}
