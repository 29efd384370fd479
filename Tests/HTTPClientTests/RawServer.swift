import Glibc
import Synchronization

/// A TCP server of one test: reads requests byte by byte as they are and answers with the bytes it is told.
final class RawServer: Sendable {
    enum Answer: Sendable {
        /// Sends these bytes and waits for the next request.
        case bytes(String)
        /// Sends these bytes and closes.
        case last(String)
        /// Keeps the connection open and says nothing.
        case silence
    }

    private struct State {
        var requests: [String] = []
        var connections = 0
    }

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let answer: @Sendable (String) -> Answer

    init(_ answer: @escaping @Sendable (String) -> Answer) {
        self.answer = answer
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
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
        run {
            while case let connection = accept(listener, nil, nil), connection >= 0 { self.run { self.serve(connection) } }
            close(listener)
        }
    }

    /// From now on connections are refused. The accepting thread closes the listener: nobody else may have its number before.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [String] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        state.withLock { $0.connections += 1 }
        var pending = ""
        while let request = nextRequest(connection, &pending) {
            state.withLock { $0.requests.append(request) }
            switch answer(request) {
            case .bytes(let text): send(text, connection)
            case .last(let text): return send(text, connection)
            case .silence: break
            }
        }
    }

    private func send(_ text: String, _ connection: Int32) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            done += count
        }
    }

    /// Head and body of one request; nil at the end of the connection.
    private func nextRequest(_ connection: Int32, _ pending: inout String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            if let end = pending.utf8.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                let head = pending[..<end].lowercased()
                let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(16)) } ?? 0
                if pending[end...].utf8.count >= length {
                    let last = pending.utf8.index(end, offsetBy: length)
                    defer { pending = String(pending[last...]) }
                    return String(pending[..<last])
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            pending += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    private func run(_ work: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Box(work)).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().work()
                return nil
            }, context)
        pthread_detach(thread)
    }
}

func reply(_ status: String = "200 OK", _ body: String = "", headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
