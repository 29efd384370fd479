private import CLinux

/// Waits for many descriptors at once, level-triggered. For one thread.
/// - Source: epoll(7)
package final class Poller {
    package struct Interest: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let read = Interest(rawValue: 1)
        package static let write = Interest(rawValue: 2)
    }

    package struct Event: Equatable, Sendable {
        /// What the descriptor was registered with.
        package let token: UInt64
        package let readable: Bool
        package let writable: Bool
        /// The other side is gone, or the descriptor failed; there may still be bytes to read.
        package let hangUp: Bool
    }

    /// At most so many events at once; the rest come with the next call. More than a gate has clients, so that one call sees them all.
    private static let capacity = 320

    private let poller: Descriptor
    private var buffer = [epoll_event](repeating: epoll_event(), count: Poller.capacity)

    package init() throws(SystemError) {
        poller = try Descriptor("make a poller", "", vendlock_epoll)
    }

    /// Readable whenever one of the registered descriptors is ready: for another loop to wait on.
    package var descriptor: Int32 { poller.number }

    /// Registers an open descriptor.
    package func register(_ descriptor: Int32, token: UInt64, interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_ADD, descriptor, token, interest)
    }

    package func modify(_ descriptor: Int32, token: UInt64, interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_MOD, descriptor, token, interest)
    }

    /// Closing a descriptor removes it too, unless another process holds a copy of it.
    package func remove(_ descriptor: Int32) throws(SystemError) {
        try control(EPOLL_CTL_DEL, descriptor, 0, [])
    }

    /// What is ready. Waits up to `timeout` (nil: for ever) when nothing is; then the list is empty. A signal ends the wait early.
    package func ready(timeout: Duration?) throws(SystemError) -> [Event] {
        let milliseconds = timeout?.millisecondsRoundedUp ?? -1
        let count = epoll_wait(poller.number, &buffer, Int32(Self.capacity), milliseconds)
        if count < 0 {
            let error = SystemError.last("wait for events", "")
            if error.code == EINTR { return [] }
            throw error
        }
        return buffer[..<Int(count)].map { event in
            var event = event
            let flags = Int32(bitPattern: vendlock_epoll_events(&event))
            return Event(
                token: vendlock_epoll_token(&event),
                readable: flags & Int32(VENDLOCK_EPOLLIN) != 0,
                writable: flags & Int32(VENDLOCK_EPOLLOUT) != 0,
                hangUp: flags & Int32(VENDLOCK_EPOLLHUP | VENDLOCK_EPOLLERR) != 0)
        }
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ token: UInt64, _ interest: Interest) throws(SystemError) {
        let number = poller.number
        var flags: UInt32 = 0
        if interest.contains(.read) { flags |= UInt32(VENDLOCK_EPOLLIN) }
        if interest.contains(.write) { flags |= UInt32(VENDLOCK_EPOLLOUT) }
        try check("poll", "descriptor \(descriptor)") { vendlock_epoll_ctl(number, operation, descriptor, flags, token) }
    }
}
