package import Wire

/// One moment on both of the terminal's clocks. Decisions use `sinceBoot` only; `wall` is what people read in events.
package struct Moment: Sendable, Equatable {
    /// CLOCK_BOOTTIME: counts while suspended, is never set, starts again at a reboot.
    package var sinceBoot: Duration
    /// The wall clock, which anybody may have set to anything.
    package var wall: Timestamp

    package init(sinceBoot: Duration, wall: Timestamp) {
        self.sinceBoot = sinceBoot
        self.wall = wall
    }
}
