package import Wire

/// A note to be appended: the store gives id and hash.
package struct NewNote: Sendable, Equatable {
    package var subject: NoteSubject
    package var at: Timestamp
    package var actor: String
    package var role: Role?
    package var via: String
    package var sourceAddress: String?
    package var kind: String
    package var text: String
    package var ticket: String?

    package init(
        subject: NoteSubject, at: Timestamp, actor: String, role: Role? = nil, via: String, sourceAddress: String? = nil, kind: String,
        text: String, ticket: String? = nil
    ) {
        self.subject = subject
        self.at = at
        self.actor = actor
        self.role = role
        self.via = via
        self.sourceAddress = sourceAddress
        self.kind = kind
        self.text = text
        self.ticket = ticket
    }
}
