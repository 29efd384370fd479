package import Wire

/// One entry of the Device Account Notes, or of the back office's own. Never changed or deleted; chained by hash per subject.
package struct NoteRecord: Sendable, Equatable {
    package var id: Int64
    package var subject: NoteSubject
    package var at: Timestamp
    package var actor: String
    /// The role the actor acted in; absent for terminals and the system.
    package var role: Role?
    /// Through what: `api`, `terminal`, `whatsapp`, `system` …
    package var via: String
    package var sourceAddress: String?
    /// Stable code: `hold_placed`, `hold_released`, `channels_set`, `connection_refused`, `enrolled`, `token_issued`, `text` …
    package var kind: String
    package var text: String
    package var ticket: String?
    /// SHA-256 over the previous note's hash and this note's content, hex.
    package var hash: String
    /// How many times it happened: 1 without repeats. Counted beside the note, so not part of the hash.
    package var count: Int

    package init(
        id: Int64, subject: NoteSubject, at: Timestamp, actor: String, role: Role?, via: String, sourceAddress: String?, kind: String,
        text: String, ticket: String?, hash: String, count: Int = 1
    ) {
        self.id = id
        self.subject = subject
        self.at = at
        self.actor = actor
        self.role = role
        self.via = via
        self.sourceAddress = sourceAddress
        self.kind = kind
        self.text = text
        self.ticket = ticket
        self.hash = hash
        self.count = count
    }
}

extension NoteRecord {
    /// What was appended, without what the store gave it.
    package var content: NewNote {
        NewNote(
            subject: subject, at: at, actor: actor, role: role, via: via, sourceAddress: sourceAddress, kind: kind, text: text,
            ticket: ticket)
    }
}
