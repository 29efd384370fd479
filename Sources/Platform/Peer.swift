/// Who is at the other end of a Unix socket.
package struct Peer: Equatable, Sendable {
    package let pid: Int32
    package let uid: UInt32
    package let gid: UInt32
}
