import Store
import Synchronization
import Wire

/// Keeps refused messages from burying an account's other notes: one note an hour for each sender, the others counted on it.
///
/// In memory only: a restart may write a note early.
final class AttemptNotes: Sendable {
    private struct Key: Hashable {
        let sender: String
        let account: AccountReference
    }

    private static let interval = Duration.seconds(3600)
    private static let mostKept = 50_000
    private let notes = Mutex<[Key: (id: Int64, since: Timestamp)]>([:])

    /// - Parameter write: appends the note and returns its id.
    func record(
        _ sender: String, _ account: AccountReference, now: Timestamp, in writer: any StoreWriter, write: () throws -> Int64
    ) throws {
        let key = Key(sender: sender, account: account)
        if let last = notes.withLock({ $0[key] }), now < last.since.adding(Self.interval) {
            do {
                return try writer.countNote(last.id)
            } catch let failure as StoreError where failure.code == .notFound {
                // Its transaction was undone.
            }
        }
        let id = try write()
        notes.withLock { notes in
            if notes.count >= Self.mostKept { notes.removeAll() }
            notes[key] = (id, now)
        }
    }
}
