/// How far one subject's notes reach, kept apart from the notes so that a missing last note shows too.
package struct NoteHead: Sendable, Equatable {
    package var subject: NoteSubject
    /// How many notes there must be.
    package var count: Int64
    /// The last note's hash.
    package var hash: String

    package init(subject: NoteSubject, count: Int64, hash: String) {
        self.subject = subject
        self.count = count
        self.hash = hash
    }
}
