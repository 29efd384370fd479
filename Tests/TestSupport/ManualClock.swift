import Synchronization
package import Wire

/// A clock that only the test moves.
package final class ManualClock: Sendable {
    private let moment: Mutex<Timestamp>

    /// Begins at the real time of day, because revisions begin there.
    package init(at start: Timestamp? = nil) {
        moment = Mutex(start ?? Timestamp(unixMilliseconds: Int64(wallSeconds() * 1000)))
    }

    package var now: Timestamp { moment.withLock { $0 } }

    package func advance(by duration: Duration) { moment.withLock { $0 = $0.adding(duration) } }
}
