private import CLinux

/// What the kernel refused, with the text of its error number.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The verb, to stand after "cannot": `write`, `bind`.
    package let operation: String
    /// The path or name it was done to; empty when there is none.
    package let subject: String
    /// The native error number.
    package let code: Int32

    package init(_ operation: String, _ subject: String, code: Int32) {
        self.operation = operation
        self.subject = subject
        self.code = code
    }

    /// Takes the calling thread's error number: make it right after the failed call.
    static func last(_ operation: String, _ subject: String) -> SystemError {
        SystemError(operation, subject, code: vendlock_errno())
    }

    package var isMissing: Bool { code == ENOENT }
    package var isBusy: Bool { code == EWOULDBLOCK || code == EADDRINUSE }
    package var isPortBusy: Bool { code == EBUSY }
    package var isTooLarge: Bool { code == EFBIG }
    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
    package var isDirectory: Bool { code == EISDIR }
    package var isTimeout: Bool { code == ETIMEDOUT }
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }

    /// One line: `cannot write /var/lib/x: No space left on device (errno 28)`.
    package var description: String { "cannot \(operation)\(subject.isEmpty ? "" : " ")\(subject): \(Self.text(of: code)) (errno \(code))" }

    /// `No space left on device`
    package static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        vendlock_strerror(code, &buffer, buffer.count)
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The result of a system call that returns -1 on failure, tried again while a signal interrupts it.
@discardableResult
func check(_ operation: String, _ subject: String, _ call: () -> Int32) throws(SystemError) -> Int32 {
    while true {
        let result = call()
        if result >= 0 { return result }
        let error = SystemError.last(operation, subject)
        if error.code != EINTR { throw error }
    }
}
