/// Where a subject's notes do not fit their chain.
package struct NoteFault: Sendable, Equatable {
    package var subject: NoteSubject
    /// The first note that does not follow from the one before it; absent when notes are missing at the end.
    package var note: Int64?

    package init(subject: NoteSubject, note: Int64?) {
        self.subject = subject
        self.note = note
    }
}

/// Walks all notes, oldest first, and finds those that were altered or whose predecessor was removed.
package struct NoteAudit {
    private let chain: NoteChain
    private var reached: [NoteSubject: NoteHead] = [:]
    private var faults: [NoteSubject: NoteFault] = [:]
    private var last: Int64 = 0
    /// Identifiers that no note has, in order: they are given without gaps.
    package private(set) var missing: [ClosedRange<Int64>] = []
    /// Ranges that are remembered; whoever removed more has left faults enough.
    private static let mostMissing = 10_000

    package init(chain: NoteChain) {
        self.chain = chain
    }

    package mutating func receive(_ note: NoteRecord) {
        if note.id > last + 1, missing.count < Self.mostMissing { missing.append(last + 1...note.id - 1) }
        last = note.id
        let before = reached[note.subject]
        if chain.hash(of: note.content, after: before?.hash ?? NoteChain.start) != note.hash, faults[note.subject] == nil {
            faults[note.subject] = NoteFault(subject: note.subject, note: note.id)
        }
        reached[note.subject] = NoteHead(subject: note.subject, count: (before?.count ?? 0) + 1, hash: note.hash)
    }

    package var subjects: Int { reached.count }

    /// All faults, one a subject at most; `heads` are the store's.
    package func faults(against heads: [NoteHead]) -> [NoteFault] {
        var found = faults
        var known: Set<NoteSubject> = []
        for head in heads {
            known.insert(head.subject)
            if reached[head.subject] != head, found[head.subject] == nil {
                found[head.subject] = NoteFault(subject: head.subject, note: nil)
            }
        }
        for subject in reached.keys where !known.contains(subject) && found[subject] == nil {
            found[subject] = NoteFault(subject: subject, note: nil)
        }
        return Array(found.values)
    }
}

extension StoreReader {
    /// Every subject whose notes were altered or removed after they were written; empty when all is well.
    package func noteFaults(chain: NoteChain) throws -> [NoteFault] {
        var audit = NoteAudit(chain: chain)
        var last: Int64 = 0
        while true {
            let page = try allNotes(after: last, limit: 1000)
            guard let end = page.last else { break }
            page.forEach { audit.receive($0) }
            last = end.id
        }
        return audit.faults(against: try noteHeads())
    }
}
