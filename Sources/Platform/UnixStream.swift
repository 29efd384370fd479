private import CLinux

/// One end of a Unix stream connection. It never blocks, except where a function takes a deadline.
package final class UnixStream: Sendable {
    package typealias Transfer = StreamTransfer

    package let path: String
    private let socket: Descriptor

    init(_ socket: consuming Descriptor, path: String) {
        self.socket = socket
        self.path = path
    }

    /// For `Poller`.
    package var descriptor: Int32 { socket.number }

    /// Reads once, to the start of `buffer`, at most its length.
    package func read(into buffer: inout [UInt8]) throws(SystemError) -> Transfer { try socket.receive(into: &buffer, path) }

    /// Writes once, what the socket takes.
    package func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Transfer { try socket.transmit(bytes, path) }

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
