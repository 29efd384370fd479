package import Store
package import Wire

/// `POST /v1/accounts/{ref}/notes`.
package struct NewNoteBody: Codable, Sendable {
    package var text: String
    package var ticket: String?
    package init(text: String, ticket: String? = nil) {
        self.text = text
        self.ticket = ticket
    }
}

package struct NoteBody: Codable, Sendable {
    package var id: Int64
    package var at: Timestamp
    package var actor: String
    package var role: Role?
    package var via: String
    package var source_address: String?
    package var kind: String
    package var text: String
    package var ticket: String?
    /// SHA-256 over the previous note's hash and this note, hex.
    package var hash: String
    /// How often it happened, where repeats are counted instead of written again; absent for once. Not part of the hash.
    package var count: Int?

    package init(_ note: NoteRecord) {
        id = note.id
        at = note.at
        actor = note.actor
        role = note.role
        via = note.via
        source_address = note.sourceAddress
        kind = note.kind
        text = note.text
        ticket = note.ticket
        hash = note.hash
        count = note.count > 1 ? note.count : nil
    }
}

package struct NoteListBody: Codable, Sendable {
    package var notes: [NoteBody]
    package var next: String?
}
