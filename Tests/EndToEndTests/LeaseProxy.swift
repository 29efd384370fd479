import Foundation
import Glibc
import Synchronization
import TestSupport

/// A thief on the network: passes whole requests and answers between agent and server, and keeps, repeats, alters or delays leases.
///
/// It reads HTTP as far as the two programs speak it: `Content-Length`, one exchange after another on a connection.
/// Concurrency: a thread for each connection; what it does is guarded by the mutex.
final class LeaseProxy: Sendable {
    enum Mood: Sendable, Equatable {
        case honest
        /// Answers polls, and connections as far as one was kept, with what was kept, and does not ask the server.
        case replaying
        /// Changes one byte in the middle of each lease.
        case flipping
        /// Keeps each answer back so long.
        case delaying(Duration)
    }

    private enum Path { case connection, poll, other }

    private struct State {
        var mood = Mood.honest
        var keeps = false
        var poll: [UInt8]?
        var connection: [UInt8]?
        /// Answers that were replayed, altered or delayed since the mood changed.
        var forged = 0
        var isOver = false
    }

    private let listener: Int32
    let port: UInt16
    private let upstream: UInt16
    private let state = Mutex(State())

    init(to upstream: UInt16) throws {
        self.upstream = upstream
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (listener, size) = (listener, length)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, pointer, &length) == 0
            }
        }
        guard bound else { throw Failure("the proxy cannot listen: errno \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in accept() }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func become(_ mood: Mood) {
        state.withLock {
            $0.mood = mood
            $0.forged = 0
        }
    }

    /// From now on the last answers are kept, until `false`.
    func keepAnswers(_ keeps: Bool) { state.withLock { $0.keeps = keeps } }

    var forged: Int { state.withLock { $0.forged } }
    var hasKeptPoll: Bool { state.withLock { $0.poll != nil } }

    /// Ends the accepting thread; those of connections end with their connections.
    func stop() {
        state.withLock { $0.isOver = true }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            Thread.detachNewThread { [self] in
                // A connection that breaks is the end of it: both programs expect that of a network.
                try? serve(Peer(client))
            }
        }
        close(listener)
    }

    private func serve(_ client: Peer) throws {
        let server = try Peer(connectedTo: upstream)
        while !state.withLock({ $0.isOver }) {
            let request = try client.message()
            let head = String(decoding: request.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            let path: Path = head.contains("/lock-state?") ? .poll : head.contains("/connections ") ? .connection : .other
            if let old = replay(path) {
                try client.send(old)
                continue
            }
            try server.send(request)
            try client.send(pass(try server.message(), path))
        }
    }

    private func replay(_ path: Path) -> [UInt8]? {
        state.withLock { state in
            guard state.mood == .replaying, path != .other else { return nil }
            guard let kept = path == .poll ? state.poll : state.connection else { return nil }
            state.forged += 1
            return kept
        }
    }

    private func pass(_ answer: [UInt8], _ path: Path) -> [UInt8] {
        if path == .other { return answer }
        let mood = state.withLock { state in
            if state.keeps, answer.starts(with: Array("HTTP/1.1 200".utf8)) {
                if path == .poll { state.poll = answer } else { state.connection = answer }
            }
            if state.mood != .honest { state.forged += 1 }
            return state.mood
        }
        switch mood {
        case .honest, .replaying: return answer
        case .flipping: return flipped(answer)
        case .delaying(let delay):
            usleep(useconds_t(delay.components.seconds * 1_000_000))
            return answer
        }
    }

    /// One letter before the last dot: at the end of the payload.
    private func flipped(_ answer: [UInt8]) -> [UInt8] {
        var altered = answer
        guard let dot = answer.lastIndex(of: UInt8(ascii: ".")) else { return answer }
        altered[dot - 5] = answer[dot - 5] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        return altered
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// One end of the wire.
    private final class Peer {
        private let socket: Int32
        private var pending: [UInt8] = []

        init(_ socket: Int32) { self.socket = socket }

        convenience init(connectedTo port: UInt16) throws {
            self.init(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
            var address = LeaseProxy.loopback(port: port)
            let connected = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
            guard connected == 0 else { throw Failure("the server is gone") }
        }

        deinit { close(socket) }

        func send(_ bytes: [UInt8]) throws {
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { throw Failure("gone") }
                sent += count
            }
        }

        /// A whole request or answer: its header, and as much body as that announces.
        func message() throws -> [UInt8] {
            var end: Int?
            while true {
                if end == nil, let head = pending.firstRange(of: Array("\r\n\r\n".utf8)) {
                    let text = String(decoding: pending[..<head.lowerBound], as: UTF8.self).lowercased()
                    let line = text.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    end = head.upperBound + (line.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0)
                }
                if let end, pending.count >= end {
                    defer { pending.removeFirst(end) }
                    return Array(pending[..<end])
                }
                var buffer = [UInt8](repeating: 0, count: 16384)
                let count = recv(socket, &buffer, buffer.count, 0)
                guard count > 0 else { throw Failure("gone") }
                pending += buffer[..<count]
            }
        }
    }
}
