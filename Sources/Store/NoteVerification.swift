/// Verifies all notes of a store, and says what was done to those that do not fit.
///
/// The notes are read in pages, each a view of its own, so that a server that runs on the store keeps its log short: what is read was written
/// before the walk began and never changes, and where each subject must end is taken at the beginning, in one view with the last note.
package struct NoteVerification: Sendable, Equatable {
    package let notes: Int
    package let subjects: Int
    /// Empty when all is well.
    package let findings: [NoteFinding]
    /// Subjects with faults beyond those that were looked at closely.
    package let furtherSubjects: Int

    private static let page = 1000
    private static let mostSubjects = 100
    /// Notes of one subject that are looked at closely, the last ones.
    private static let mostNotes = 20_000

    /// - Parameter progress: called after each page with how many notes are done and how many there are.
    package init(of store: any ReadableStore, chain: NoteChain, progress: (Int64, Int64) throws -> Void = { _, _ in }) throws {
        let (heads, end) = try store.read { (try $0.noteHeads(), try $0.lastNote()) }
        var audit = NoteAudit(chain: chain)
        var last: Int64 = 0
        var count = 0
        while last < end {
            let notes = try store.read { try $0.allNotes(after: last, limit: Self.page) }.filter { $0.id <= end }
            guard let newest = notes.last else { break }
            for note in notes { audit.receive(note) }
            count += notes.count
            last = newest.id
            try progress(last, end)
        }
        let faults = audit.faults(against: heads).map(\.subject).sorted { $0.text < $1.text }
        let byName = Dictionary(heads.map { ($0.subject, $0) }) { first, _ in first }
        let missing = audit.missing
        findings = try faults.prefix(Self.mostSubjects).flatMap { subject in
            let notes = try Self.notes(of: subject, upTo: end, in: store)
            let found = NoteExamination(chain: chain, subject: subject, notes: notes, head: byName[subject], missing: missing).findings()
            guard found.isEmpty else { return found }
            // Beyond what is looked at closely: that something is wrong is known all the same.
            return [NoteFinding(subject: subject, what: .altered, note: nil, at: nil, kind: nil, detail: "The notes of \(subject.text) do not fit.")]
        }
        furtherSubjects = max(0, faults.count - Self.mostSubjects)
        subjects = Set(heads.map(\.subject)).count
        self.notes = count
    }

    private static func notes(of subject: NoteSubject, upTo end: Int64, in store: any ReadableStore) throws -> [NoteRecord] {
        var notes: [NoteRecord] = []
        var before: Int64? = end == .max ? nil : end + 1
        while notes.count < mostNotes {
            let page = try store.read { try $0.notes(on: subject, before: before, limit: Self.page) }
            notes += page
            guard page.count == Self.page, let oldest = page.last else { break }
            before = oldest.id
        }
        return notes.reversed()
    }
}
