private import CLinux

/// Tells when the kernel's interfaces, addresses or routes change.
/// - Source: rtnetlink(7)
package final class NetworkWatch: Sendable {
    package enum Change: Sendable {
        /// Something came: an interface, an address, a route.
        case gained
        /// An address went, and with it every connection from it.
        case addressLost
    }

    private let socket: Descriptor

    package init() throws(SystemError) {
        socket = try Descriptor("watch the network", "", vendlock_netlink_watch)
    }

    /// For `Poller`.
    package var descriptor: Int32 { socket.number }

    /// What has changed since the last call; `nil`: nothing that matters.
    package func changes() throws(SystemError) -> Change? {
        var found: Change?
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = buffer.withUnsafeMutableBytes { vendlock_netlink_read(socket.number, $0.baseAddress, $0.count) }
            if count < 0 {
                let error = SystemError.last("watch the network", "")
                switch error.code {
                case EAGAIN: return found
                case EINTR: continue
                // More came than the socket holds: anything may have changed.
                case ENOBUFS: found = .addressLost
                default: throw error
                }
                continue
            }
            for change in Self.read(buffer[..<count]) where found != .addressLost { found = change }
        }
    }

    /// The messages of one datagram: a length and a type each, padded to four bytes.
    static func read(_ bytes: ArraySlice<UInt8>) -> [Change] {
        var changes: [Change] = []
        var rest = bytes
        while rest.count >= 16 {
            let length = rest.withUnsafeBytes { Int($0.loadUnaligned(as: UInt32.self)) }
            let type = rest.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: 4, as: UInt16.self)) }
            guard (16...rest.count).contains(length) else { break }
            switch type {
            case RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE: changes.append(.gained)
            case RTM_DELADDR: changes.append(.addressLost)
            default: break
            }
            rest = rest.dropFirst(min(rest.count, (length + 3) & ~3))
        }
        return changes
    }
}
