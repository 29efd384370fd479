private import CLinux

/// The processor cores that this process may use.
package enum Cores {
    /// At least 1. What `taskset` or a unit's `CPUAffinity=` leaves, which may be fewer than the machine has.
    /// - Source: sched_getaffinity(2)
    package static var usable: Int { max(1, Int(vendlock_usable_cores())) }
}
