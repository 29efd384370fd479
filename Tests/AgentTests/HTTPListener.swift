import Glibc
import Synchronization

/// One HTTP/1.1 request as it came.
struct RawRequest: Sendable {
    let method: String
    let path: String
    let query: [String: String]
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    init?(head: String, body: [UInt8]) {
        let lines = head.split(separator: "\r\n")
        let start = lines.first?.split(separator: " ") ?? []
        guard start.count == 3 else { return nil }
        method = String(start[0])
        let parts = start[1].split(separator: "?", maxSplits: 1)
        path = String(parts[0])
        var query: [String: String] = [:]
        for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[String(halves[0])] = halves.count > 1 ? String(halves[1]) : ""
        }
        self.query = query
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        self.headers = headers
        self.body = body
    }
}

/// A plain HTTP server on a free port of 127.0.0.1, one thread per connection. The answer is the bytes to send; `nil` closes.
final class HTTPListener: Sendable {
    let port: UInt16
    private let listener: Int32
    private let stopped = Atomic(false)
    private let answer: @Sendable (RawRequest) -> [UInt8]?

    init(port wanted: UInt16 = 0, _ answer: @escaping @Sendable (RawRequest) -> [UInt8]?) {
        self.answer = answer
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = wanted.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, address, &length) == 0
            }
        }
        precondition(bound, "a free port on 127.0.0.1")
        self.listener = listener
        port = address.sin_port.bigEndian
        onThread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                // The agents that the tests start must not keep it open.
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                onThread { self.serve(connection) }
            }
            close(listener)
        }
    }

    /// Once only: the accepting thread closes the listener then, and its number may be another's soon.
    func stop() {
        guard !stopped.exchange(true, ordering: .relaxed) else { return }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var pending: [UInt8] = []
        while let request = next(connection, &pending) {
            guard let bytes = answer(request) else { return }
            var done = 0
            while done < bytes.count {
                let count = bytes.withUnsafeBytes { send(connection, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL)) }
                if count <= 0 { return }
                done += count
            }
        }
    }

    private func next(_ connection: Int32, _ pending: inout [UInt8]) -> RawRequest? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            if let end = pending.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                let head = String(decoding: pending[..<end], as: UTF8.self)
                let length =
                    head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
                if pending.count - end >= length {
                    defer { pending.removeFirst(end + length) }
                    return RawRequest(head: head, body: Array(pending[end..<(end + length)]))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            pending += buffer[..<count]
        }
    }
}
