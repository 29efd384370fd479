private import CLinux

/// One end of a Unix stream connection. It never blocks, except where a function takes a deadline.
package final class UnixStream: Sendable {
    /// What a read or a write came to.
    package enum Transfer: Equatable, Sendable {
        case bytes(Int)
        /// Nothing now: wait for the poller.
        case wouldBlock
        /// The other side is gone.
        case closed
    }

    package let path: String
    private let socket: Descriptor

    init(_ socket: consuming Descriptor, path: String) {
        self.socket = socket
        self.path = path
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
        let error = SystemError.last(operation, path)
        switch error.code {
        // An interrupted call did nothing: the poller, level-triggered, brings the caller back.
        case EAGAIN, EINTR: return .wouldBlock
        case ECONNRESET, EPIPE: return .closed
        default: throw error
        }
    }

    /// The other end's process, as it was when it connected; nobody can forge it.
    /// - Source: unix(7), SO_PEERCRED
    package func peer() throws(SystemError) -> Peer {
        var peer = vendlock_peer()
        let number = socket.number
        try check("ask for the peer of", path) { vendlock_peer_credentials(number, &peer) }
        return Peer(pid: peer.pid, uid: peer.uid, gid: peer.gid)
    }

    /// Two ends of one connection, for tests and for talking to oneself.
    package static func pair() throws(SystemError) -> (UnixStream, UnixStream) {
        var ends: [Int32] = [-1, -1]
        try check("make a socket pair", "") { vendlock_unix_pair(&ends) }
        return (UnixStream(Descriptor(owning: ends[0]), path: "pair"), UnixStream(Descriptor(owning: ends[1]), path: "pair"))
    }
}
