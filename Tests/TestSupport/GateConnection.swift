import Glibc

/// One connection to an agent's gate, as bytes: says whatever a test wants said, and reads whole replies.
///
/// Concurrency: one thread at a time.
package final class GateConnection {
    private let socket: Int32
    private var pending: [UInt8] = []

    package init(_ path: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Failure("no socket: errno \(errno)") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        precondition(bytes.count < MemoryLayout.size(ofValue: address.sun_path), "a path that fits an address")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        // From here on `deinit` closes it, also when this throws.
        guard connected == 0 else { throw Failure("no gate at \(path): errno \(errno)") }
    }

    deinit { close(socket) }

    /// Sends without waiting for room.
    /// - Returns: how many bytes were taken; `nil` when the gate has closed the connection.
    package func offer(_ bytes: [UInt8]) -> Int? {
        let count = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        if count >= 0 { return count }
        return errno == EAGAIN ? 0 : nil
    }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure("the gate closed the connection: errno \(errno)") }
            sent += count
        }
    }

    /// The next reply, without its NUL.
    package func reply(within limit: Duration = .seconds(20)) throws -> JSONValue {
        let end = ContinuousClock.now + limit
        while true {
            if let place = pending.firstIndex(of: 0) {
                defer { pending.removeFirst(place + 1) }
                return try JSONValue(Array(pending[..<place]))
            }
            guard try fill(until: end) else { throw Failure("the gate closed the connection without a reply") }
        }
    }

    /// Returns when the gate has closed the connection; what it still says is dropped.
    package func waitForEnd(within limit: Duration = .seconds(20)) throws {
        let end = ContinuousClock.now + limit
        while try fill(until: end) { pending = [] }
    }

    private func fill(until end: ContinuousClock.Instant) throws -> Bool {
        let left = end - .now
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard left > .zero, poll(&descriptor, 1, Int32(left.components.seconds * 1000 + 1)) > 0 else { throw Failure("the gate is silent") }
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count < 0 { if errno == ECONNRESET { return false } else { throw Failure("the gate's connection broke: errno \(errno)") } }
        pending += buffer[..<count]
        return count > 0
    }

    /// `Check` as the bytes of one message, its NUL with it.
    package static func checkMessage(_ operation: String) -> [UInt8] {
        Array(#"{"method":"io.vendlock.Gate.Check","parameters":{"operation":"\#(operation)"}}"#.utf8) + [0]
    }

    /// What `GetState` answers.
    package func state() throws -> JSONValue {
        try send(Array(#"{"method":"io.vendlock.Gate.GetState"}"#.utf8) + [0])
        return try reply()["parameters"]["state"]
    }

    /// The decision, asked and answered on this connection.
    package func check(_ operation: String) throws -> JSONValue {
        try send(Self.checkMessage(operation))
        return try reply()["parameters"]["decision"]
    }
}
