private import CLinux

/// One end of a TCP connection to a numeric address. It never blocks.
package final class TCPStream: Sendable {
    package typealias Transfer = UnixStream.Transfer

    private let socket: Descriptor
    private let name: String

    private init(_ socket: consuming Descriptor, _ name: String) {
        self.socket = socket
        self.name = name
    }

    /// Begins to connect. When the descriptor is writable, `finishConnecting` says what came of it.
    /// - Parameter host: an IPv4 or IPv6 address, no name.
    /// - Source: connect(2), EINPROGRESS
    package static func connecting(toNumeric host: String, port: UInt16) throws(SystemError) -> TCPStream {
        let name = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        return TCPStream(try Descriptor("connect to", name) { vendlock_tcp_connect(host, port) }, name)
    }

    package func finishConnecting() throws(SystemError) {
        let number = socket.number
        var code: Int32 = 0
        try check("connect to", name) { vendlock_socket_error(number, &code) }
        guard code == 0 else { throw SystemError("connect to", name, code: code) }
    }

    /// For `Poller`.
    package var descriptor: Int32 { socket.number }

    /// Reads once, to the start of `buffer`, at most its length.
    package func read(into buffer: inout [UInt8]) throws(SystemError) -> Transfer {
        precondition(!buffer.isEmpty, "read needs room")
        let number = socket.number
        let count = buffer.withUnsafeMutableBytes { recv(number, $0.baseAddress, $0.count, 0) }
        return count == 0 ? .closed : try transfer(count, "read from")
    }

    /// Writes once, what the socket takes.
    package func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Transfer {
        let number = socket.number
        let count = bytes.withUnsafeBytes { send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        return try transfer(count, "write to")
    }

    private func transfer(_ count: Int, _ operation: String) throws(SystemError) -> Transfer {
        if count >= 0 { return .bytes(count) }
        let error = SystemError.last(operation, name)
        switch error.code {
        // An interrupted call did nothing: the poller, level-triggered, brings the caller back.
        case EAGAIN, EINTR: return .wouldBlock
        case ECONNRESET, EPIPE: return .closed
        default: throw error
        }
    }
}
