import Platform
import Synchronization

/// A log for what strangers can cause as often as they like: the first line at once, then a line with a count every ten seconds.
final class CalmLog: Sendable {
    private static let interval = Duration.seconds(10)

    private struct State {
        var nextAt: Uptime?
        var held = 0
    }

    private let prefix: String
    private let state = Mutex(State())

    init(prefix: String) { self.prefix = prefix }

    /// Callable from any thread.
    func warning(_ text: String) {
        let now = Uptime.now()
        let held: Int? = state.withLock { state in
            if let nextAt = state.nextAt, now < nextAt {
                state.held += 1
                return nil
            }
            defer { state = State(nextAt: now + Self.interval) }
            return state.held
        }
        guard let held else { return }
        Log.warning("\(prefix): \(text)\(held == 0 ? "" : " (\(held) more lines since the last one)")")
    }
}
