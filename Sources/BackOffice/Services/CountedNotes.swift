import Store
import Synchronization
import Wire

/// Keeps what is refused again and again from burying the other notes: of a kind one note an hour, the others counted on it.
///
/// In memory only: a restart may write a note early.
final class CountedNotes: Sendable {
    private struct Written {
        let id: Int64
        let hash: String
        let since: Timestamp
    }

    private static let interval = Duration.seconds(3600)
    private static let mostKept = 50_000
    private let notes = Mutex<[String: Written]>([:])

    /// - Parameters:
    ///   - note: what is appended when there is none of the last hour to count on.
    ///   - key: what makes two of them the same; always with the same subject.
    func record(_ note: NewNote, as key: String, now: Timestamp, in writer: any StoreWriter) throws {
        if let last = notes.withLock({ $0[key] }), now < last.since.adding(Self.interval) {
            // Where its transaction was undone, its number may be another note's by now.
            let present = try writer.notes(on: note.subject, before: last.id + 1, limit: 1).first
            if let present, present.id == last.id, present.hash == last.hash { return try writer.countNote(last.id) }
        }
        let written = try writer.appendNote(note)
        notes.withLock { notes in
            if notes.count >= Self.mostKept { notes.removeAll() }
            notes[key] = Written(id: written.id, hash: written.hash, since: now)
        }
    }
}
