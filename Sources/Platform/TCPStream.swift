private import CLinux

/// One end of a TCP connection to a numeric address. It never blocks.
package final class TCPStream: Sendable {
    package typealias Transfer = StreamTransfer

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
    package func read(into buffer: inout [UInt8]) throws(SystemError) -> Transfer { try socket.receive(into: &buffer, name) }

    /// Writes once, what the socket takes.
    package func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Transfer { try socket.transmit(bytes, name) }
}
