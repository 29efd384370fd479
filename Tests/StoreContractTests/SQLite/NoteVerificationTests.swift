import Signing
import Store
import StoreSQLite
import Testing
import Wire

@Suite struct NoteVerificationTests {
    /// Notes 1, 3, 5, 7 are of account 1, notes 2, 4, 6, 8 of device 1, notes 9 and 10 of account 2.
    private func store(in directory: TemporaryDirectory) throws -> SQLiteStore {
        let store = try SQLiteStore(path: directory.store)
        for number in 0..<4 {
            try store.write { writer in
                try writer.appendNote(.sample("\(number)", on: .account(.sample(1))))
                try writer.appendNote(.sample("\(number)", on: .device(.sample(1))))
            }
        }
        for number in 0..<2 { try store.write { _ = try $0.appendNote(.sample("\(number)", on: .account(.sample(2)))) } }
        return store
    }

    private func verify(_ store: any ReadableStore) throws -> NoteVerification { try NoteVerification(of: store, chain: NoteTests.chain) }

    @Test func findsNothingInWhatWasWritten() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        defer { store.close() }
        var seen: [Int64] = []
        let found = try NoteVerification(of: store, chain: NoteTests.chain) { done, total in
            #expect(total == 10)
            seen.append(done)
        }
        #expect(found.findings.isEmpty && found.notes == 10 && found.subjects == 3)
        #expect(seen.last == 10)
    }

    /// What is done to the file, and what is said: what, which note, and words of the sentence.
    private static let tampering: [(String, NoteFinding.What, Int64?, String)] = [
        ("UPDATE notes SET text = 'nothing happened' WHERE id = 3", .altered, 3, "account:WALLET-1"),
        ("UPDATE notes SET actor = 'desk-2' WHERE id = 1", .altered, 1, "account:WALLET-1"),
        ("UPDATE notes SET at = at - 1 WHERE id = 7", .altered, 7, "account:WALLET-1"),
        ("UPDATE notes SET role = NULL WHERE id = 4", .altered, 4, "device:"),
        ("UPDATE notes SET hash = replace(hash, substr(hash, 1, 4), '0000') WHERE id = 5", .altered, 5, "account:WALLET-1"),
        ("DELETE FROM notes WHERE id = 3", .removed, 3, "after note 1"), ("DELETE FROM notes WHERE id = 1", .removed, 1, "at the beginning"),
        ("DELETE FROM notes WHERE id = 7", .removed, 7, "after note 5"), ("DELETE FROM notes WHERE id = 10", .removed, nil, "after note 9"),
        ("DELETE FROM notes WHERE id IN (3, 5)", .removed, 3, "Note 3, 5"),
        ("DELETE FROM notes WHERE account = 'WALLET-2'", .removed, nil, "account:WALLET-2"),
        (
            "UPDATE notes SET id = -3 WHERE id = 3; UPDATE notes SET id = 3 WHERE id = 5; UPDATE notes SET id = 5 WHERE id = -3",
            .reordered, 3, "written after"
        ),
        ("UPDATE notes SET account = 'WALLET-2' WHERE id = 3", .added, 3, "account:WALLET-2"),
        (
            "INSERT INTO notes SELECT 11, account, imei, office, at, actor, role, via, source_address, kind, text, ticket, hash FROM notes WHERE id = 10",
            .added, 11, "account:WALLET-2"
        ),
        ("UPDATE account_note_heads SET count = count + 1 WHERE account = 'WALLET-1'", .headAltered, nil, "account:WALLET-1"),
        ("DELETE FROM account_note_heads WHERE account = 'WALLET-2'", .headAltered, nil, "account:WALLET-2"),
    ]

    @Test(arguments: tampering) func namesWhatWasDone(_ sql: String, _ what: NoteFinding.What, _ note: Int64?, _ words: String) throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        defer { store.close() }
        try Child.sqlite(directory.store, sql)
        let findings = try verify(store).findings
        let found = try #require(findings.first { $0.what == what && $0.note == note }, "\(findings)")
        #expect(found.detail.contains(words) && found.detail.hasSuffix("."), "\(found.detail)")
        if note != nil, what != .removed { #expect(found.at == .start() || what == .altered) }
        if note != nil { #expect(found.kind == "text" || note == 1, "\(found)") }
        // Nobody else's notes are suspected.
        let expected: Set<String> = sql.contains("'WALLET-2' WHERE id = 3") ? ["account:WALLET-1", "account:WALLET-2"] : [found.subject.text]
        #expect(Set(findings.map(\.subject.text)) == expected)
    }

    /// A note that was changed by somebody who also computed its hash anew is betrayed by the one behind it, or by the head.
    @Test(arguments: [3, 7]) func noticesAHashThatWasComputedAnew(_ id: Int64) throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        defer { store.close() }
        let notes = try store.read { try $0.notes(on: .account(.sample(1)), before: nil, limit: 9) }.reversed()
        let note = try #require(notes.first { $0.id == id })
        let before = try #require(notes.last { $0.id < id })
        var content = note.content
        content.text = "nothing happened"
        let hash = NoteTests.chain.hash(of: content, after: before.hash)
        try Child.sqlite(directory.store, "UPDATE notes SET text = 'nothing happened', hash = '\(hash)' WHERE id = \(id)")
        let findings = try verify(store).findings
        #expect(findings.count == 1 && findings[0].what == .altered && findings[0].note == (id == 7 ? 7 : 5), "\(findings)")
    }

    @Test func readsAStoreThatAServerWritesTo() throws {
        let directory = try TemporaryDirectory()
        let store = try store(in: directory)
        let other = try SQLiteStore.readOnly(path: directory.store)
        #expect(try verify(other).notes == 10)
        try store.write { _ = try $0.appendNote(.sample("later", on: .office)) }
        let again = try verify(other)
        #expect(again.notes == 11 && again.findings.isEmpty)
        store.close()
        #expect(try verify(SQLiteStore.readOnly(path: directory.store)).notes == 11, "and one that nobody serves")
    }

    @Test func saysWhenThereIsNoStore() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: StoreError.self) { try SQLiteStore.readOnly(path: directory.path + "/none.db") }
        #expect(error?.code == .notFound && error?.detail.contains("--data") == true)
    }
}
