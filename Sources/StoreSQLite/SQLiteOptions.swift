private import Glibc
package import Wire

/// What can be set when a store is opened; the defaults are for a server.
package struct SQLiteOptions: Sendable {
    /// Events kept for one terminal.
    package var keptEvents = 10_000
    /// Later writes that may wait; beyond, the oldest is dropped.
    package var keptLaterWrites = 100_000
    /// How long a later write may wait for a commit to share.
    package var laterDelay: Duration = .milliseconds(50)
    /// Bytes of the write-ahead log that are laid on disk beforehand, so that a commit changes no file's length (which would be
    /// a second write to the disk) and a lock still finds room on a disk that has just become full.
    package var reservedLog = 8 << 20
    /// Pages of 4 KiB in the log before it is copied into the database; half of what is reserved.
    package var checkpointPages = 1000
    package var now: @Sendable () -> Timestamp = SQLiteOptions.wallClock

    package init() {}

    package static func wallClock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(unixMilliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
