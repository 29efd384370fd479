private import Glibc

/// Milliseconds of a clock that only runs forward; cheap to read, exact to about 4 ms.
///
/// - Source: clock_gettime(2), CLOCK_MONOTONIC_COARSE
typealias Ticks = UInt64

func currentTicks() -> Ticks {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return UInt64(time.tv_sec) &* 1000 &+ UInt64(time.tv_nsec) / 1_000_000
}

extension Duration {
    /// Whole milliseconds, rounded up; 0 for a negative duration.
    var ticks: Ticks {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) * 1000 + UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
