import Wire

/// All notes for an auditor: JSON, one to a line, oldest first, then a line for each subject that says where its notes must end.
///
/// A note: `id`, `subject` (`account:REF`, `device:IMEI`, `office`), `at`, `at_ms` (which the hash covers), `actor`, `role`, `via`,
/// `source_address`, `kind`, `text`, `ticket`, `hash`; what is absent is left out. A head: `head` (its subject), `count`, `hash`.
package enum NoteExport {
    private static let page = 1000

    /// Calls `write` with whole lines; `progress` as in `NoteVerification`.
    package static func run(
        _ store: any ReadableStore, write: ([UInt8]) throws -> Void, progress: (Int64, Int64) throws -> Void = { _, _ in }
    ) throws {
        let (heads, end) = try store.read { (try $0.noteHeads(), try $0.lastNote()) }
        var last: Int64 = 0
        while last < end {
            let notes = try store.read { try $0.allNotes(after: last, limit: page) }.filter { $0.id <= end }
            guard let newest = notes.last else { break }
            try write(notes.flatMap(line))
            last = newest.id
            try progress(last, end)
        }
        for head in heads { try write(line(head)) }
    }

    private static func line(_ note: NoteRecord) -> [UInt8] {
        var line = JSONObjectWriter(capacity: 512)
        line.field("id", note.id)
        line.field("subject", note.subject.text)
        line.field("at", note.at.description)
        line.field("at_ms", note.at.unixMilliseconds)
        line.field("actor", note.actor)
        if let role = note.role { line.field("role", role.rawValue) }
        line.field("via", note.via)
        if let address = note.sourceAddress { line.field("source_address", address) }
        line.field("kind", note.kind)
        line.field("text", note.text)
        if let ticket = note.ticket { line.field("ticket", ticket) }
        line.field("hash", note.hash)
        return line.finish() + [UInt8(ascii: "\n")]
    }

    private static func line(_ head: NoteHead) -> [UInt8] {
        var line = JSONObjectWriter(capacity: 160)
        line.field("head", head.subject.text)
        line.field("count", head.count)
        line.field("hash", head.hash)
        return line.finish() + [UInt8(ascii: "\n")]
    }
}
