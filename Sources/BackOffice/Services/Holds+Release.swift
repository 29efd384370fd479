package import Store
import Wire

extension Holds {
    /// Releases one hold; others on the same subject stand.
    package func release(_ id: String, on subject: Subject, note: String, by actor: Actor) throws -> HoldBody {
        let note = note.trimmed
        guard !note.isEmpty, note.count <= 500 else { throw Problem(.textRequired, "Say why the lock is released in 'note' (1 to 500 characters).") }
        let now = environment.now
        let outcome: Result<HoldBody, Problem> = try environment.store.write { [outbox] writer in
            guard let hold = try writer.hold(id), hold.subject == subject else {
                throw Problem(.holdNotFound, "There is no such hold here. GET the account or device to see those that stand.")
            }
            guard hold.releasedAt == nil else {
                throw Problem(.alreadyReleased, "This hold was released before, by \(hold.releasedBy ?? "unknown"). Nothing was changed.")
            }
            if case .account(let reference) = subject, try writer.closure(of: reference)?.holdID == id {
                try Accounts.requireOpen(Accounts.existing(reference, in: writer))
            }
            if let problem = try LinkedNumberRule.problem(releasing: hold, by: actor, now: now, in: writer) {
                // A value, not an error: an error would undo the note.
                try writer.appendNote(
                    actor.note(
                        on: subject, at: now, kind: "hold_release_refused",
                        text: "Release of hold \(id) (\(hold.kind.rawValue)) refused (\(problem.code)): \(problem.detail)"))
                return .failure(problem)
            }
            return .success(try Self.release(hold, note: note, by: actor, now: now, telling: outbox, in: writer))
        }
        return try outcome.get()
    }

    /// All that belongs to a release, in the caller's transaction, for whoever `LinkedNumberRule` lets.
    static func release(
        _ hold: HoldRecord, note: String, by actor: Actor, now: Timestamp, telling outbox: Outbox, in writer: any StoreWriter
    ) throws -> HoldBody {
        var hold = hold
        let revision = try raise(hold.subject, in: writer, now: now)
        try writer.releaseHold(hold.id, at: now, by: actor.name)
        hold.releasedAt = now
        hold.releasedBy = actor.name
        try Self.note("hold_released", "Released (\(hold.kind.rawValue)): \(note)", on: hold.subject, by: actor, at: now, in: writer)
        try writer.touch(hold.subject)
        try outbox.tellReleased(hold, revision: revision, source: actor.via, now: now, in: writer)
        return HoldBody(hold)
    }
}
