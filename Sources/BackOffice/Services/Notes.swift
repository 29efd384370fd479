import Store
package import Wire

/// The Device Account Notes: added to and read, never changed.
package struct Notes: Sendable {
    private let environment: Environment

    package init(environment: Environment) { self.environment = environment }

    package func add(_ body: NewNoteBody, to reference: AccountReference, by actor: Actor) throws -> NoteBody {
        let text = body.text.trimmed
        guard !text.isEmpty, text.count <= 4000 else { throw Problem(.textRequired, "Write the note in 'text' (1 to 4000 characters).") }
        let now = environment.now
        return try environment.store.write { writer in
            _ = try Accounts.existing(reference, in: writer)
            let note = actor.note(on: .account(reference), at: now, kind: "text", text: text, ticket: body.ticket)
            return NoteBody(try writer.appendNote(note))
        }
    }

    package func list(of reference: AccountReference, before: Int64?, limit: Int) throws -> NoteListBody {
        try environment.store.read { reader in
            _ = try Accounts.existing(reference, in: reader)
            return try page(of: .account(reference), before: before, limit: limit, in: reader)
        }
    }

    /// The back office's own: tokens given and taken away, channels added.
    package func officeList(before: Int64?, limit: Int) throws -> NoteListBody {
        try environment.store.read { try page(of: .office, before: before, limit: limit, in: $0) }
    }

    private func page(of subject: NoteSubject, before: Int64?, limit: Int, in reader: any StoreReader) throws -> NoteListBody {
        let notes = try reader.notes(on: subject, before: before, limit: limit)
        return NoteListBody(notes: notes.map(NoteBody.init), next: notes.count == limit ? notes.last.map { String($0.id) } : nil)
    }
}
