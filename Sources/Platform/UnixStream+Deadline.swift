private import CLinux

/// Blocking use, for the command line: each call ends at its deadline with `isTimeout`.
extension UnixStream {
    /// Connects; a listener whose queue is full is tried again until the deadline.
    package static func connect(to path: String, deadline: Uptime) throws(SystemError) -> UnixStream {
        let address = try UnixAddress(path)
        while true {
            let socket = try Descriptor("make a socket for", path) { vendlock_unix_socket(1) }
            if try address.connect(socket) { return UnixStream(socket, path: path) }
            // A Unix socket gives no event when its listener has room again.
            guard Uptime.now() < deadline else { throw SystemError("connect to", path, code: ETIMEDOUT) }
            usleep(2000)
        }
    }

    package func writeAll(_ bytes: [UInt8], deadline: Uptime) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch try write(rest) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .wouldBlock: try wait(for: POLLOUT, "write to", deadline)
            case .closed: throw SystemError("write to", path, code: EPIPE)
            }
        }
    }

    /// Waits for bytes; `.closed` is the end.
    package func read(into buffer: inout [UInt8], deadline: Uptime) throws(SystemError) -> Transfer {
        while true {
            let transfer = try read(into: &buffer)
            if transfer != .wouldBlock { return transfer }
            try wait(for: POLLIN, "read from", deadline)
        }
    }

    private func wait(for event: Int32, _ operation: String, _ deadline: Uptime) throws(SystemError) {
        while true {
            let left = deadline - Uptime.now()
            guard left > .zero else { throw SystemError(operation, path, code: ETIMEDOUT) }
            var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            let milliseconds = left.millisecondsRoundedUp
            if try check("wait for", path, { poll(&entry, 1, milliseconds) }) > 0 { return }
        }
    }
}
