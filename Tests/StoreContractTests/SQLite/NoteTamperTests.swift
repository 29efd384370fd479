import Store
import StoreSQLite
import Testing
import Wire

@Suite struct NoteTamperTests {
    @Test(
        arguments: [
            ("UPDATE notes SET text = 'nothing happened' WHERE id = 3", 3),
            ("UPDATE notes SET actor = 'desk-2' WHERE id = 1", 1),
            ("UPDATE notes SET at = at - 1 WHERE id = 5", 5),
            ("DELETE FROM notes WHERE id = 3", 5),
            ("DELETE FROM notes WHERE id = 1", 3),
            ("DELETE FROM notes WHERE id = 7", nil),
            ("DELETE FROM notes WHERE account IS NOT NULL", nil),
            ("UPDATE notes SET account = 'WALLET-2' WHERE id = 7", 7),
            ("UPDATE account_note_heads SET count = count - 1", nil),
            ("DELETE FROM account_note_heads", nil),
        ] as [(String, Int64?)])
    func aChangedOrRemovedNoteShows(sql: String, fault: Int64?) throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        for number in 0..<4 {
            try store.write { writer in
                try writer.appendNote(.sample("\(number)", on: .account(.sample(1))))
                try writer.appendNote(.sample("\(number)", on: .device(.sample(1))))
            }
        }
        #expect(try store.read { try $0.noteFaults(chain: NoteTests.chain) }.isEmpty)
        try Child.sqlite(directory.store, sql)
        let faults = try store.read { try $0.noteFaults(chain: NoteTests.chain) }
        #expect(faults.contains { $0.note == fault })
        #expect(!faults.contains { $0.subject == .device(.sample(1)) })
        store.close()
    }

    @Test(
        arguments: [
            ("UPDATE notes SET text = 'nothing happened' WHERE id = 2", 2), ("DELETE FROM notes WHERE id = 1", 2),
            ("DELETE FROM notes WHERE id = 3", nil), ("DELETE FROM notes WHERE office IS NOT NULL", nil), ("DELETE FROM office_note_heads", nil),
            ("UPDATE notes SET office = NULL, account = 'WALLET-1' WHERE id = 3", nil),
        ] as [(String, Int64?)])
    func aChangedOrRemovedNoteOnTheBackOfficeShows(sql: String, fault: Int64?) throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        for number in 0..<3 { try store.write { _ = try $0.appendNote(.sample("\(number)", on: .office)) } }
        #expect(try store.read { try $0.noteFaults(chain: NoteTests.chain) }.isEmpty)
        try Child.sqlite(directory.store, sql)
        #expect(try store.read { try $0.noteFaults(chain: NoteTests.chain) }.contains(NoteFault(subject: .office, note: fault)))
        store.close()
    }
}
