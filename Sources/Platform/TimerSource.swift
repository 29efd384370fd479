private import CLinux

/// One alarm on CLOCK_BOOTTIME as something to poll; it rings also for a moment that the machine slept through.
/// - Source: timerfd_create(2)
package final class TimerSource: Sendable {
    private let timer: Descriptor

    package init() throws(SystemError) {
        timer = try Descriptor("make a timer", "", vendlock_timerfd)
    }

    /// For `Poller`.
    package var descriptor: Int32 { timer.number }

    /// Sets the alarm, in place of the one set before; nil: none. A moment that has passed rings at once.
    package func set(_ moment: Uptime?) throws(SystemError) {
        // Zero would switch the alarm off.
        let nanoseconds = moment.map { max($0.nanoseconds, 1) } ?? 0
        let number = timer.number
        try check("set a timer", "") {
            vendlock_timerfd_at(number, nanoseconds / 1_000_000_000, Int(nanoseconds % 1_000_000_000))
        }
    }

    /// Whether it rang since the last call; silences it.
    package func rang() throws(SystemError) -> Bool { try takeCount(timer.number, "read a timer") != 0 }
}

/// The counter of a timerfd or eventfd, set back to zero by reading.
func takeCount(_ descriptor: Int32, _ operation: String) throws(SystemError) -> UInt64 {
    var value: UInt64 = 0
    if read(descriptor, &value, 8) == 8 { return value }
    let error = SystemError.last(operation, "")
    if error.code == EAGAIN || error.code == EINTR { return 0 }
    throw error
}
