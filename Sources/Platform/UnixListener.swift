private import CLinux

/// A listening Unix stream socket. The socket file goes when the object does.
package final class UnixListener: Sendable {
    package let path: String
    private let socket: Descriptor

    /// Listens at `path` for those whom `mode` admits; `group` names the group of the socket file.
    ///
    /// A socket file that nobody answers on is replaced. `isBusy` when somebody does.
    package init(_ path: String, mode: UInt32, group: String? = nil, backlog: Int32 = 32) throws(SystemError) {
        let address = try UnixAddress(path)
        try Self.clear(address)
        let socket = try Descriptor("make a socket for", path) { vendlock_unix_socket(1) }
        // Linux gives the socket file the mode of the socket: nobody gets in between bind and chmod.
        try check("set the mode of", path) { fchmod(socket.number, 0o600) }
        try address.bind(socket)
        do {
            if let group {
                let id = try Self.id(ofGroup: group)
                try check("give to group \(group)", path) { chown(path, uid_t.max, id) }
            }
            try check("set the mode of", path) { chmod(path, mode) }
            try check("listen on", path) { listen(socket.number, backlog) }
        } catch {
            unlink(path)  // It was made here, a moment ago.
            throw error
        }
        self.path = path
        self.socket = socket
    }

    deinit { unlink(path) }  // At the end of the process: what is left over is replaced at the next start.

    /// For `Poller`.
    package var descriptor: Int32 { socket.number }

    /// The next client, or nil when none waits (or it went away meanwhile).
    package func accept() throws(SystemError) -> UnixStream? {
        do {
            return UnixStream(try Descriptor("accept on", path) { vendlock_accept(socket.number) }, path: path)
        } catch  where error.code == EAGAIN || error.code == ECONNABORTED {
            return nil
        }
    }

    private static func clear(_ address: UnixAddress) throws(SystemError) {
        var status = stat()
        do {
            try check("look at", address.path) { lstat(address.path, &status) }
        } catch  where error.isMissing {
            return
        }
        guard vendlock_is_socket(&status) != 0 else { throw SystemError("replace (no socket)", address.path, code: EEXIST) }
        let probe = try Descriptor("make a socket for", address.path) { vendlock_unix_socket(1) }
        do {
            _ = try address.connect(probe)
        } catch  where error.code == ECONNREFUSED {
            try check("remove", address.path) { unlink(address.path) }
            return
        }
        throw SystemError("listen on", address.path, code: EADDRINUSE)
    }

    private static func id(ofGroup name: String) throws(SystemError) -> UInt32 {
        var record = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 16384)
        let code = getgrnam_r(name, &record, &buffer, buffer.count, &found)
        guard code == 0 else { throw SystemError("look up group", name, code: code) }
        guard found != nil else { throw SystemError("find group", name, code: ENOENT) }
        return record.gr_gid
    }
}
