import Synchronization
import Wire

/// Keeps refused connections from burying an account's other notes: of a kind one note an hour, the others counted in the next.
///
/// In memory only: a restart loses counts and may write a note early, which costs less than a write for each attempt would.
final class RefusalNotes: Sendable {
    /// What makes two refusals the same.
    struct Kind: Hashable {
        let account: AccountReference
        let imei: IMEI
        let channel: ChannelCode
        let reasons: String
    }

    private struct Entry {
        /// When the last note was written.
        let since: Timestamp
        var more = 0

        func isRunning(at now: Timestamp) -> Bool { since <= now && now < since.adding(RefusalNotes.interval) }
    }

    private static let interval = Duration.seconds(3600)
    /// About 10 MB; beyond, those that have run out go, then all: a note too many is better than memory without end.
    private static let mostKept = 50_000
    private let entries = Mutex<[Kind: Entry]>([:])

    /// - Returns: the note to write; `nil` when the hour's is written and this one is counted.
    func note(of kind: Kind, at now: Timestamp) -> String? {
        let before = entries.withLock { entries -> Entry? in
            let before = entries[kind]
            if let before, before.isRunning(at: now) {
                entries[kind]?.more += 1
                return before
            }
            if before == nil, entries.count >= Self.mostKept {
                entries = entries.filter { $0.value.isRunning(at: now) }
                if entries.count >= Self.mostKept { entries.removeAll() }
            }
            entries[kind] = Entry(since: now)
            return before
        }
        if let before, before.isRunning(at: now) { return nil }
        let text = "Connection of device \(kind.imei) on \(kind.channel) refused: \(kind.reasons)"
        guard let before, before.more > 0 else { return text + "." }
        // Hours and minutes of 2026-11-21T20:00:00.000Z.
        return text + "; \(before.more) more since \(before.since.description.dropFirst(11).prefix(5)) UTC."
    }

    /// The device's notes were not stored: its next refusal is written.
    func forget(_ imei: IMEI) {
        entries.withLock { entries in entries = entries.filter { $0.key.imei != imei } }
    }
}
