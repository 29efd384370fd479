import Glibc

/// systemd's end of the notify protocol: a real datagram socket.
///
/// - Source: sd_notify(3)
package final class NotifySocket {
    /// For `NOTIFY_SOCKET`.
    package let name: String
    private let socket: Int32

    /// - Parameter name: a path, or an abstract name after `@`.
    package init(_ name: String) throws {
        self.name = name
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { throw Failure("no socket: errno \(errno)") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let bound = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) } }
        // From here on `deinit` closes it, also when this throws.
        guard bound == 0 else { throw Failure("no notify socket at \(name): errno \(errno)") }
    }

    deinit { close(socket) }

    /// What has arrived since the last call, one text for each datagram.
    package func heard() -> [String] {
        var heard: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count >= 0 else { return heard }
            heard.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }
}
