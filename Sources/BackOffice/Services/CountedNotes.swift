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

    private struct Written {
        let id: Int64
        let hash: String
        let since: Timestamp
    }

    private static let interval = Duration.seconds(3600)
    private static let mostKept = 50_000
    private let notes = Mutex<[Key: Written]>([:])

    /// - Parameter note: what is appended when there is none of the last hour to count on.
    func record(
        _ note: @autoclosure () -> NewNote, from sender: String, on account: AccountReference, now: Timestamp, in writer: any StoreWriter
    ) throws {
        let key = Key(sender: sender, account: account)
        if let last = notes.withLock({ $0[key] }), now < last.since.adding(Self.interval) {
            // Where its transaction was undone, its number may be another note's by now.
            let present = try writer.notes(on: NoteSubject(.account(account)), before: last.id + 1, limit: 1).first
            if let present, present.id == last.id, present.hash == last.hash { return try writer.countNote(last.id) }
        }
        let written = try writer.appendNote(note())
        notes.withLock { notes in
            if notes.count >= Self.mostKept { notes.removeAll() }
            notes[key] = Written(id: written.id, hash: written.hash, since: now)
        }
    }
}
