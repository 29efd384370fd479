private import CLinux

/// An open file descriptor, closed when its owner goes.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    /// Takes ownership of what a system call returned; -1 becomes the thread's error number.
    init(_ operation: String, _ subject: String, _ call: () -> Int32) throws(SystemError) {
        number = try check(operation, subject, call)
    }

    init(owning number: Int32) { self.number = number }

    // close(2) can report a failed write only on network file systems; what must be kept was synchronised before.
    deinit { close(number) }

    /// Writes every byte, from wherever the file stands.
    func writeAll(_ bytes: some Collection<UInt8>, _ subject: String) throws(SystemError) {
        var failure: SystemError?
        let bytes = ContiguousArray(bytes)
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = write(number, buffer.baseAddress! + done, buffer.count - done)
                if count >= 0 {
                    done += count
                } else if vendlock_errno() != EINTR {
                    failure = .last("write", subject)
                    return
                }
            }
        }
        if let failure { throw failure }
    }

    func synchronise(_ subject: String) throws(SystemError) {
        try check("fsync", subject) { fsync(number) }
    }
}
