private import CLinux

/// A moment since boot on CLOCK_BOOTTIME: it counts while the machine sleeps, and nobody can set it.
/// - Source: clock_gettime(2)
package struct Uptime: Sendable, Comparable, Hashable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package init(milliseconds: Int64) { nanoseconds = milliseconds * 1_000_000 }

    package var milliseconds: Int64 { nanoseconds / 1_000_000 }

    package static func now() -> Uptime {
        var time = timespec()
        precondition(clock_gettime(CLOCK_BOOTTIME, &time) == 0, "the kernel has CLOCK_BOOTTIME since Linux 2.6.39")
        return Uptime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Only for threads and processes that have nothing else to do.
    package static func sleep(_ duration: Duration) { usleep(UInt32(clamping: duration.nanoseconds / 1000)) }

    package static func < (left: Uptime, right: Uptime) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func + (moment: Uptime, duration: Duration) -> Uptime {
        Uptime(nanoseconds: moment.nanoseconds + duration.nanoseconds)
    }

    package static func - (moment: Uptime, duration: Duration) -> Uptime {
        Uptime(nanoseconds: moment.nanoseconds - duration.nanoseconds)
    }

    package static func - (later: Uptime, earlier: Uptime) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }
}

extension Duration {
    /// Whole nanoseconds, held at the ends of the range: 292 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, over) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return over || carry ? (seconds < 0 ? .min : .max) : sum
    }

    /// Whole milliseconds, rounded up, so that a wait of that length is never too short; held within `Int32`, as poll(2) takes it.
    package var millisecondsRoundedUp: Int32 {
        let nanoseconds = nanoseconds
        guard nanoseconds > 0 else { return 0 }
        return Int32(clamping: (nanoseconds - 1) / 1_000_000 + 1)
    }
}
