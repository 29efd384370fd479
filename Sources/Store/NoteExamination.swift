import Wire

/// Looks closely at the notes of one subject that do not fit their chain, and says what was done to them.
///
/// A hash covers the hash before it. So a note whose hash follows from that of any other note of the subject is as it was written, wherever it
/// stands now; for each of the others either it was altered or the note before it is gone, which the count of notes and the gaps in their
/// identifiers tell apart.
struct NoteExamination {
    private let chain: NoteChain
    private let subject: NoteSubject
    /// By identifier.
    private let notes: [NoteRecord]
    private let head: NoteHead?
    private let missing: [ClosedRange<Int64>]
    /// Notes to both sides among which the one before is looked for; a longer way is not worth its hashes.
    private static let reach = 500

    init(chain: NoteChain, subject: NoteSubject, notes: [NoteRecord], head: NoteHead?, missing: [ClosedRange<Int64>]) {
        self.chain = chain
        self.subject = subject
        self.notes = notes
        self.head = head
        self.missing = missing
    }

    func findings() -> [NoteFinding] {
        let lacking = (head?.count ?? Int64(notes.count)) - Int64(notes.count)
        var found: [NoteFinding] = []
        var followed: Set<String> = head.map { [$0.hash] } ?? []
        var orphans: [Int] = []
        for place in notes.indices {
            let before = place == 0 ? NoteChain.start : notes[place - 1].hash
            if follows(place, before) {
                followed.insert(before)
            } else if let origin = origin(of: place) {
                followed.insert(origin.hash)
                if let first = notes[..<place].first(where: { $0.hash == notes[place].hash }) {
                    found.append(finding(.added, place, "is a copy of note \(first.id)"))
                } else if origin.place > place {
                    found.append(finding(.reordered, place, "stands before note \(notes[origin.place].id), which it was written after"))
                }
            } else {
                orphans.append(place)
            }
        }
        for place in orphans {
            let gap = gap(from: place == 0 ? 0 : notes[place - 1].id, to: notes[place].id)
            if lacking < 0, !followed.contains(notes[place].hash) {
                found.append(finding(.added, place, "was not written by the server: nothing leads to it or from it"))
            } else if lacking > 0 {
                found.append(removal(gap, after: place - 1, before: place))
            } else {
                found.append(finding(.altered, place, "does not say what was written, or the note before it does not"))
            }
        }
        if let end = end(lacking, found) { found.append(end) }
        return found
    }

    // MARK: The chain

    private func follows(_ place: Int, _ previous: String) -> Bool { chain.hash(of: notes[place].content, after: previous) == notes[place].hash }

    /// The note that this one was written after; -1 for the beginning.
    private func origin(of place: Int) -> (place: Int, hash: String)? {
        if follows(place, NoteChain.start) { return (-1, NoteChain.start) }
        let near = max(0, place - Self.reach)..<min(notes.count, place + Self.reach)
        return near.first { $0 != place && follows(place, notes[$0].hash) }.map { ($0, notes[$0].hash) }
    }

    /// Identifiers between two notes that no note has.
    private func gap(from first: Int64, to last: Int64) -> [ClosedRange<Int64>] {
        missing.filter { $0.lowerBound > first && $0.upperBound < last }
    }

    // MARK: The end

    private func end(_ lacking: Int64, _ found: [NoteFinding]) -> NoteFinding? {
        guard let head else {
            return notes.isEmpty
                ? nil
                : NoteFinding(
                    subject: subject, what: .headAltered, note: nil, at: notes.last?.at, kind: notes.last?.kind,
                    detail: "The count that is kept beside the notes of \(subject.text) is missing.")
        }
        guard head.hash != notes.last?.hash else {
            guard lacking != 0, found.isEmpty else { return nil }
            return NoteFinding(
                subject: subject, what: .headAltered, note: nil, at: notes.last?.at, kind: notes.last?.kind,
                detail: "There are \(notes.count) notes of \(subject.text), and the count kept beside them says \(head.count).")
        }
        if lacking > 0, !found.contains(where: { $0.what == .removed }) {
            return removal(gap(from: notes.last?.id ?? 0, to: .max), after: notes.count - 1, before: nil)
        }
        if lacking < 0, !found.contains(where: { $0.what == .added }), !notes.isEmpty {
            return finding(.added, notes.count - 1, "is behind the last one that the server wrote")
        }
        guard found.isEmpty, !notes.isEmpty else { return nil }
        return finding(.altered, notes.count - 1, "was written anew with a hash of its own, or the hash kept beside the notes was changed")
    }

    // MARK: Sentences

    private func finding(_ what: NoteFinding.What, _ place: Int, _ sentence: String) -> NoteFinding {
        let note = notes[place]
        return NoteFinding(
            subject: subject, what: what, note: note.id, at: note.at, kind: note.kind,
            detail: "Note \(note.id) of \(subject.text) (\(note.kind), \(note.at)) \(sentence).")
    }

    private func removal(_ gap: [ClosedRange<Int64>], after first: Int, before second: Int?) -> NoteFinding {
        let before = first >= 0 ? notes[first] : nil
        var place = before.map { "after note \($0.id) (\($0.kind), \($0.at))" } ?? "at the beginning"
        if let second { place += ", before note \(notes[second].id) (\(notes[second].kind), \(notes[second].at))" }
        let names = gap.prefix(5).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }.joined(separator: ", ")
        let which = gap.isEmpty ? "One or more notes" : "Note \(names)\(gap.count > 5 ? " and others" : "")"
        return NoteFinding(
            subject: subject, what: .removed, note: gap.first?.lowerBound, at: before?.at, kind: before?.kind,
            detail: "\(which) of \(subject.text) \(place): removed.")
    }
}
