import Store
import Testing
import Wire

@testable import StoreSQLite

@Suite struct UpgradeTests {
    /// A store as the first release left it, written with nothing but its own schema.
    private func firstStore(in directory: TemporaryDirectory) throws {
        try Files.create(directory.store)
        let connection = try Connection(path: directory.store, mode: .readWrite)
        try connection.execute(Migration.foundation.sql)
        try connection.execute("PRAGMA application_id = \(Migration.applicationID); PRAGMA user_version = 1")
        let writer = SQLiteTransaction(connection: connection, keptEvents: 10)
        try writer.insertAccount(.sample(1, revision: 100))
        try writer.insertDevice(.sample(1, registeredTo: .sample(1)))
        try writer.insertHold(.sample("h", on: .account(.sample(1))))
        _ = try writer.appendNote(.sample("locked", on: .account(.sample(1))))
    }

    private func expectOldAndNew(_ store: SQLiteStore) throws {
        let note = try store.read { reader in
            #expect(try reader.device(.sample(1))?.registeredTo == .sample(1))
            #expect(try reader.standingHolds(on: .account(.sample(1))).map(\.id) == ["h"])
            #expect(try reader.noteFaults(chain: NoteTests.chain).isEmpty)
            return try #require(try reader.notes(on: .account(.sample(1)), before: nil, limit: 9).first)
        }
        #expect(note.text == "locked" && note.count == 1)
        try store.write { writer in
            try writer.insertMessage(.sample("m"))
            try writer.countNote(note.id)
            let number = try writer.enqueue(.sample())
            try writer.insertLockWatch(LockWatchRecord(holdID: "h", account: .sample(1), noteID: note.id, replyNumber: number))
            try writer.insertDrill(.sample("d"), terminals: [.sample(1)])
            try writer.insertNumberChange(.sample("c"), evidence: [EvidenceRecord(changeID: "c", kind: "change_notice", text: "seen")])
            try writer.putIdentity(IdentityRecord(account: .sample(1), identity: "ZA.1", kind: .userID, since: .start()))
            try writer.setOptedOut("+27711234567", true, at: .start())
            try writer.insertUser(.sample("thandi"))
            try writer.insertSession(.sample(1, of: "thandi"))
            try writer.insertVisit(.sample("v"))
            try writer.insertFailedSignIn(nameHash: [1], at: .start())
        }
        #expect(try store.read { try $0.dueOutbox(now: .start(), limit: 9) }.count == 1)
        #expect(try store.read { try $0.notes(on: .account(.sample(1)), before: nil, limit: 9) }.map(\.count) == [2])
    }

    @Test func aStoreOfTheFirstReleaseOpensWithAllItHas() throws {
        let directory = try TemporaryDirectory()
        try firstStore(in: directory)
        let store = try SQLiteStore(path: directory.store)
        defer { store.close() }
        #expect(try store.read { try $0.account(.sample(1)) } == .sample(1, revision: 100))
        try expectOldAndNew(store)
    }

    @Test func aBackupOfTheFirstReleaseIsRestored() throws {
        let directory = try TemporaryDirectory()
        try firstStore(in: directory)
        let path = directory.path + "/new.sqlite"
        try SQLiteStore.restore(from: directory.store, to: path, now: .start())
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        #expect(try store.read { try $0.account(.sample(1)) }?.revision == Timestamp.start().unixMilliseconds)
        try expectOldAndNew(store)
    }

    /// A step that was released is never edited: stores that have it would differ from those that are made today.
    @Test func whatWasReleasedIsAsItWasReleased() throws {
        #expect(Migration.all.map(\.number) == Array(1...Int64(Migration.all.count)))
        #expect(Migration.foundation.sql.utf8.reduce(into: UInt64(5381)) { $0 = $0 &* 33 &+ UInt64($1) } == 2_700_785_003_592_097_045)
    }
}
