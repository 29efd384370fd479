package import Wire

/// What was done to the notes of a subject, as far as what is left shows.
package struct NoteFinding: Sendable, Equatable {
    package enum What: String, Sendable, CaseIterable {
        /// It does not say what was written, or the one before it does not.
        case altered
        case removed
        /// It stands before one that it was written after.
        case reordered
        /// It was not written by the server.
        case added
        /// The count or the last hash that is kept beside the notes does not fit them.
        case headAltered = "head_altered"
    }

    package var subject: NoteSubject
    package var what: What
    /// The note itself; of a removed one its identifier where a gap tells it.
    package var note: Int64?
    /// Time and kind of that note, or of the one before a removed one.
    package var at: Timestamp?
    package var kind: String?
    /// One sentence for an auditor.
    package var detail: String

    package init(subject: NoteSubject, what: What, note: Int64?, at: Timestamp?, kind: String?, detail: String) {
        self.subject = subject
        self.what = what
        self.note = note
        self.at = at
        self.kind = kind
        self.detail = detail
    }
}
