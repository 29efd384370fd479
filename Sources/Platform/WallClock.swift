private import CLinux

/// The time of day, for records only: it can be set, so nothing is decided by it on a terminal.
package enum WallClock {
    /// Unix time in milliseconds.
    package static func now() -> Int64 {
        var time = timespec()
        precondition(clock_gettime(CLOCK_REALTIME, &time) == 0, "every kernel has CLOCK_REALTIME")
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
