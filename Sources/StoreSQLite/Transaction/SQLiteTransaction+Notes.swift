internal import Signing
internal import Store
internal import Wire

extension SQLiteTransaction {
    private static let noteColumns = "id, account, imei, at, actor, role, via, source_address, kind, text, ticket, hash"
    private static let chain = NoteChain(sha256: { Digest.sha256($0) })

    func notes(on subject: NoteSubject, before: Int64?, limit: Int) throws -> [NoteRecord] {
        let (_, column, key) = Self.place(of: subject)
        return try connection.rows(
            """
            SELECT \(Self.noteColumns), note_counts.count FROM notes LEFT JOIN note_counts ON note = id
            WHERE \(column) = ? AND id < ? ORDER BY id DESC LIMIT ?
            """, key, before ?? Int64.max, max(0, limit)
        ) { row in
            var note = try Self.note(row)
            note.count = row.optional(12, row.integer).map { Int($0) } ?? 1
            return note
        }
    }

    func allNotes(after id: Int64, limit: Int) throws -> [NoteRecord] {
        try connection.rows("SELECT \(Self.noteColumns) FROM notes WHERE id > ? ORDER BY id LIMIT ?", id, max(0, limit), as: Self.note)
    }

    func lastNote() throws -> Int64 { try connection.number("SELECT max(id) FROM notes") }

    func noteHeads() throws -> [NoteHead] {
        try connection.rows(
            """
            SELECT account, NULL, count, hash FROM account_note_heads
            UNION ALL SELECT NULL, imei, count, hash FROM device_note_heads
            UNION ALL SELECT NULL, NULL, count, hash FROM office_note_heads
            """
        ) { NoteHead(subject: try $0.noteSubject(0), count: $0.integer(2), hash: $0.text(3)) }
    }

    /// The table of a subject's head, and the column that names it there and in its notes, with its value.
    private static func place(of subject: NoteSubject) -> (heads: String, column: String, key: any Bindable) {
        switch subject {
        case .account(let reference): ("account_note_heads", "account", reference)
        case .device(let imei): ("device_note_heads", "imei", imei)
        case .office: ("office_note_heads", "office", 1)
        }
    }

    private static func note(_ row: Row) throws -> NoteRecord {
        NoteRecord(
            id: row.integer(0), subject: try row.noteSubject(1), at: row.time(3), actor: row.text(4), role: try row.optional(5, row.role),
            via: row.text(6), sourceAddress: row.optional(7, row.text), kind: row.text(8), text: row.text(9),
            ticket: row.optional(10, row.text), hash: row.text(11))
    }

    func appendNote(_ note: NewNote) throws -> NoteRecord {
        let (heads, column, key) = Self.place(of: note.subject)
        let previous = try connection.row("SELECT hash FROM \(heads) WHERE \(column) = ?", key) { $0.text(0) }
        let hash = Self.chain.hash(of: note, after: previous ?? NoteChain.start)
        // Not with RETURNING, which makes a table for its one row.
        try connection.run(
            """
            INSERT INTO notes (\(column), at, actor, role, via, source_address, kind, text, ticket, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, key, note.at, note.actor, note.role, note.via, note.sourceAddress, note.kind, note.text, note.ticket, hash)
        let id = try connection.number("SELECT last_insert_rowid()")
        try connection.run(
            "INSERT INTO \(heads) VALUES (?1, 1, ?2) ON CONFLICT DO UPDATE SET count = count + 1, hash = ?2", key, hash)
        return NoteRecord(
            id: id, subject: note.subject, at: note.at, actor: note.actor, role: note.role, via: note.via, sourceAddress: note.sourceAddress,
            kind: note.kind, text: note.text, ticket: note.ticket, hash: hash)
    }

    func countNote(_ id: Int64) throws {
        try connection.run("INSERT INTO note_counts VALUES (?, 2) ON CONFLICT DO UPDATE SET count = count + 1", id)
    }
}
