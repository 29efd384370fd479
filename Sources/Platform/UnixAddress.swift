internal import CLinux

/// A socket's place in the file system, checked for length: 107 bytes.
/// - Source: unix(7)
struct UnixAddress {
    let path: String
    private var address = sockaddr_un()

    init(_ path: String) throws(SystemError) {
        self.path = path
        guard vendlock_unix_address(&address, path) == 0 else {
            throw SystemError("use the socket path", path, code: ENAMETOOLONG)
        }
    }

    func bind(_ socket: borrowing Descriptor) throws(SystemError) {
        var address = address
        let number = socket.number
        try check("bind", path) { vendlock_unix_bind(number, &address) }
    }

    /// Connects without waiting; false when the listener's queue is full.
    func connect(_ socket: borrowing Descriptor) throws(SystemError) -> Bool {
        var address = address
        let number = socket.number
        do {
            try check("connect to", path) { vendlock_unix_connect(number, &address) }
            return true
        } catch  where error.code == EAGAIN {
            return false
        }
    }
}
