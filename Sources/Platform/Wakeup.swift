private import CLinux

/// Wakes a polling thread from any other. Many wakes before it looks count as one.
/// - Source: eventfd(2)
package final class Wakeup: Sendable {
    private let event: Descriptor

    package init() throws(SystemError) {
        event = try Descriptor("make an event", "", vendlock_eventfd)
    }

    /// For `Poller`.
    package var descriptor: Int32 { event.number }

    package func wake() {
        var one: UInt64 = 1
        // It fails only when 2^64 - 2 wakes stand already, and then the thread wakes anyway.
        _ = write(event.number, &one, 8)
    }

    /// Whether somebody woke it since the last call.
    package func taken() throws(SystemError) -> Bool { try takeCount(event.number, "read an event") != 0 }
}
