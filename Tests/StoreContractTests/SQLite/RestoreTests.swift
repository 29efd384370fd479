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
