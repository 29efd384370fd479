import Synchronization
import Wire

/// Counts refused connections of each account, so that people hear of one that is tried again and again: the fifth within an hour, once an hour.
///
/// In memory only: after a restart the count begins anew, which costs less than a write for each attempt would.
final class RefusalCounts: Sendable {
    private struct Entry {
        /// Of the newest refusals, oldest first; no more than are needed.
        var times: [Timestamp] = []
        var alertedAt: Timestamp?
    }

    static let needed = 5
    private static let span = Duration.seconds(3600)
    /// Accounts that are remembered; beyond, those of more than an hour ago go, then all.
    private static let mostKept = 50_000
    private let entries = Mutex<[AccountReference: Entry]>([:])

    /// Whether people are to be told of this one.
    func add(_ account: AccountReference, at now: Timestamp) -> Bool {
        entries.withLock { entries in
            if entries[account] == nil, entries.count >= Self.mostKept {
                entries = entries.filter { $0.value.times.last.map { Self.isRecent($0, now) } ?? false }
                if entries.count >= Self.mostKept { entries.removeAll() }
            }
            var entry = entries[account] ?? Entry()
            entry.times = entry.times.suffix(Self.needed - 1) + [now]
            let isMany = entry.times.count == Self.needed && entry.times.allSatisfy { Self.isRecent($0, now) }
            let tells = isMany && !(entry.alertedAt.map { Self.isRecent($0, now) } ?? false)
            if tells { entry.alertedAt = now }
            entries[account] = entry
            return tells
        }
    }

    /// A time that is ahead, because the clock was set back, is not.
    private static func isRecent(_ time: Timestamp, _ now: Timestamp) -> Bool { time <= now && now < time.adding(span) }
}
