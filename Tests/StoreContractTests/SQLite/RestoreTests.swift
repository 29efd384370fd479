import FoundationEssentials
import Store
import StoreSQLite
import Testing
import Wire

@Suite struct RestoreTests {
    /// A store with a lock in it, and its backup.
    private func backup(in directory: TemporaryDirectory) throws -> String {
        let store = try SQLiteStore(path: directory.store)
        try store.write { writer in
            try writer.insertAccount(.sample(1, revision: 100))
            try writer.insertDevice(.sample(1, registeredTo: .sample(1)))
            try writer.insertHold(.sample("h", on: .account(.sample(1))))
            try writer.appendNote(.sample("locked", on: .account(.sample(1))))
        }
        try store.backup(to: directory.path + "/backup")
        store.close()
        return directory.path + "/backup"
    }

    @Test func raisesEveryRevisionAboveWhatTerminalsHaveSeen() throws {
        let directory = try TemporaryDirectory()
        let backup = try backup(in: directory)
        let path = directory.path + "/new.sqlite"
        try SQLiteStore.restore(from: backup, to: path, now: .start())
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        let revision = Timestamp.start().unixMilliseconds
        #expect(try store.read { try $0.account(.sample(1)) }?.revision == revision)
        #expect(try store.read { try $0.device(.sample(1)) }?.revision == revision)
        #expect(try store.write { try $0.nextRevision(now: .start(-5000)) } == revision + 1)
        #expect(try store.read { try $0.standingHolds(on: .account(.sample(1))) }.map(\.committedAt) == [.start()])
        #expect(try store.read { try $0.noteFaults(chain: NoteTests.chain) }.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: path + ".part"))
    }

    @Test func endsTheSessionsOfTheBackup() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        try store.write { writer in
            try writer.insertUser(.sample("thandi"))
            try writer.insertSession(.sample(1, of: "thandi"))
        }
        try store.backup(to: directory.path + "/backup")
        store.close()
        try SQLiteStore.restore(from: directory.path + "/backup", to: directory.path + "/new.sqlite", now: .start(5))
        let restored = try SQLiteStore(path: directory.path + "/new.sqlite")
        defer { restored.close() }
        #expect(try restored.read { try $0.user("thandi") } == .sample("thandi"))
        #expect(try restored.read { try $0.openSessions(of: nil) }.isEmpty)
    }

    @Test func carriesWhatBelongsToMessages() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        let (first, note) = try store.write { writer in
            try writer.insertAccount(.sample(1))
            try writer.insertDevice(.sample(1, registeredTo: .sample(1)))
            try writer.insertHold(.sample("h", on: .account(.sample(1))))
            let note = try writer.appendNote(.sample("locked", on: .account(.sample(1))))
            try writer.countNote(note.id)
            try writer.insertMessage(.sample("m"))
            let first = try writer.enqueue(.sample(state: .sending))
            try writer.enqueue(.sample())
            try writer.enqueue(.sample(state: .sent))
            try writer.insertLockWatch(LockWatchRecord(holdID: "h", account: .sample(1), noteID: note.id, dueAt: .start(60)))
            try writer.insertDrill(.sample("d", revision: try writer.nextRevision(now: .start())), terminals: [.sample(1)])
            try writer.insertNumberChange(
                .sample("c"), evidence: [EvidenceRecord(changeID: "c", kind: "change_notice", text: "", content: [1])])
            try writer.putIdentity(IdentityRecord(account: .sample(1), identity: "ZA.1", kind: .userID, since: .start()))
            try writer.setOptedOut("+27711234567", true, at: .start())
            return (first, note.id)
        }
        try store.backup(to: directory.path + "/backup")
        store.close()
        let path = directory.path + "/new.sqlite"
        try SQLiteStore.restore(from: directory.path + "/backup", to: path, now: .start(5))
        let restored = try SQLiteStore(path: path)
        defer { restored.close() }
        let raised = try restored.read { reader in
            #expect(try reader.notes(on: .account(.sample(1)), before: nil, limit: 9).map(\.count) == [2])
            #expect(try reader.message(provider: "whatsapp", id: "m") == .sample("m"))
            // The second waited, and may have gone since.
            #expect(try reader.outbox(in: .sending, changedBefore: .start(5), limit: 9).map(\.number) == [first, first + 1])
            #expect(try reader.dueOutbox(now: .start(99), limit: 9).isEmpty && reader.nextOutboxTime() == nil)
            #expect(try reader.outbox(in: .waiting, changedBefore: .start(99), limit: 9).isEmpty)
            #expect(try reader.outbox(first + 2)?.state == .sent)
            #expect(try reader.lockWatch(ofHold: "h")?.noteID == note)
            #expect(try reader.drill("d")?.committedAt == .start(5))
            #expect(try reader.evidence(ofChange: "c").map(\.content) == [[1]])
            #expect(try reader.identities(of: .sample(1)).map(\.identity) == ["ZA.1"])
            #expect(try reader.hasOptedOut("+27711234567"))
            let raised = try #require(try reader.device(.sample(1))).revision
            #expect(try reader.openDrillRevision(of: .sample(1)) < raised)
            return raised
        }
        // What the terminal is given after the restore confirms the drill too.
        #expect(try restored.write { try $0.markDrillConfirmed(by: .sample(1), upTo: raised, at: .start(9)) } == ["d"])
        #expect(try restored.write { try $0.changeOutbox(first) { $0.state = .sent } } == ())
        #expect(try restored.write { try $0.changeOutbox(first + 1) { $0.state = .waiting } } == ())
        #expect(try restored.read { try $0.dueOutbox(now: .start(), limit: 9) }.map(\.number) == [first + 1])
    }

    @Test func refusesToOverwriteAStore() throws {
        let directory = try TemporaryDirectory()
        let backup = try backup(in: directory)
        let before = try Data(contentsOf: URL(filePath: directory.store))
        let error = #expect(throws: StoreError.self) { try SQLiteStore.restore(from: backup, to: directory.store) }
        #expect(error?.code == .exists && error?.detail.contains("empty data directory") == true)
        #expect(try Data(contentsOf: URL(filePath: directory.store)) == before)
    }

    @Test(arguments: ["absent", "empty", "text", "foreign", "damaged", "newer"]) func refusesWhatIsNoSoundBackup(kind: String) throws {
        let directory = try TemporaryDirectory()
        let backup = try backup(in: directory)
        let bad = directory.path + "/bad"
        switch kind {
        case "empty": try Data().write(to: URL(filePath: bad))
        case "text": try Data(repeating: 0x41, count: 5000).write(to: URL(filePath: bad))
        case "foreign": try Child.sqlite(bad, "CREATE TABLE songs (title TEXT)")
        case "damaged":
            var bytes = try Data(contentsOf: URL(filePath: backup))
            for place in stride(from: 8192 + 8, to: bytes.count, by: 512) { bytes[place] ^= 0xFF }
            try bytes.write(to: URL(filePath: bad))
        case "newer":
            try FileManager.default.copyItem(atPath: backup, toPath: bad)
            try Child.sqlite(bad, "PRAGMA user_version = 999")
        default: break
        }
        let path = directory.path + "/new.sqlite"
        let error = #expect(throws: StoreError.self) { try SQLiteStore.restore(from: bad, to: path) }
        #expect(error?.code == (kind == "absent" ? .notFound : kind == "newer" ? .unavailable : .corrupt))
        #expect(!FileManager.default.fileExists(atPath: path) && !FileManager.default.fileExists(atPath: path + ".part"))
    }
}
