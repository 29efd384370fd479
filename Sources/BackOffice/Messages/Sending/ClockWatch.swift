import Platform
import Synchronization
import Wire

/// Notices that somebody has set the wall clock back, by a clock that nobody can set.
final class ClockWatch: Sendable {
    /// Less than this is the two clocks' reading one after the other, and their drift.
    private static let tolerance = Duration.seconds(2)

    private let seen = Mutex<(wall: Timestamp, uptime: Uptime)?>(nil)

    /// How far the wall clock was set back since the last call; `nil` when it was not.
    func setBack(wall: Timestamp, uptime: Uptime) -> Duration? {
        let last = seen.withLock { seen in
            defer { seen = (wall, uptime) }
            return seen
        }
        // One that stands still is a test's.
        guard let last, wall < last.wall else { return nil }
        let expected = last.wall.adding(uptime - last.uptime)
        let back = Duration.milliseconds(expected.unixMilliseconds - wall.unixMilliseconds)
        return back < Self.tolerance ? nil : back
    }
}
