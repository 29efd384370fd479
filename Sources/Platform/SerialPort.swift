private import CLinux

/// A modem's serial port, raw and for us alone. Its calls block, until a deadline.
/// - Source: termios(3), ioctl_tty(2)
package final class SerialPort {
    package let path: String
    private let port: Descriptor

    /// - Throws: `ENOTTY` for what is no terminal, `EBUSY` when somebody else has it.
    package init(_ path: String) throws(SystemError) {
        self.path = path
        port = try Descriptor("open", path) { vendlock_serial(path) }
    }

    // What could not be sent is not waited for.
    deinit { tcflush(port.number, TCIOFLUSH) }

    /// What has come, as soon as anything has; empty at the deadline.
    /// - Throws: `EIO` when the modem has gone.
    package func read(deadline: Uptime) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while try wait(for: POLLIN, deadline) {
            let count = CLinux.read(port.number, &buffer, buffer.count)
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 { throw SystemError("read from", path, code: EIO) }
            let error = SystemError.last("read from", path)
            guard error.code == EAGAIN || error.code == EINTR else { throw error }
        }
        return []
    }

    package func write(_ bytes: [UInt8], deadline: Uptime) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard try wait(for: POLLOUT, deadline) else { throw SystemError("write to", path, code: ETIMEDOUT) }
            let number = port.number
            let count = rest.withUnsafeBytes { CLinux.write(number, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            let error = SystemError.last("write to", path)
            guard error.code == EAGAIN || error.code == EINTR else { throw error }
        }
    }

    private func wait(for event: Int32, _ deadline: Uptime) throws(SystemError) -> Bool {
        while true {
            let left = deadline - Uptime.now()
            guard left > .zero else { return false }
            var entry = pollfd(fd: port.number, events: Int16(event), revents: 0)
            let milliseconds = left.millisecondsRoundedUp
            if try check("wait for", path, { poll(&entry, 1, milliseconds) }) > 0 { return true }
        }
    }
}
