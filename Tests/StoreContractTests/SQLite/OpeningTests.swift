import FoundationEssentials
import Glibc
import Store
import StoreSQLite
import Testing
import Wire

@Suite struct OpeningTests {
    @Test func makesAStoreThatOnlyItsUserCanRead() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        try store.write { try $0.insertAccount(.sample(1)) }
        for suffix in ["", "-wal", "-shm", "-lock"] {
            var status = stat()
            #expect(stat(directory.store + suffix, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
        store.close()
    }

    @Test func startsFromAnEmptyFileAndKeepsWhatItHas() throws {
        let directory = try TemporaryDirectory()
        #expect(FileManager.default.createFile(atPath: directory.store, contents: nil))
        let first = try SQLiteStore(path: directory.store)
        try first.write { try $0.insertAccount(.sample(1)) }
        first.close()
        let second = try SQLiteStore(path: directory.store)
        #expect(try second.read { try $0.account(.sample(1)) } == .sample(1))
        #expect(try second.read { try $0.channelCatalogue() }.count == 8)
        second.close()
    }

    @Test func refusesASecondServer() throws {
        let directory = try TemporaryDirectory()
        let first = try SQLiteStore(path: directory.store)
        let here = #expect(throws: StoreError.self) { try SQLiteStore(path: directory.store) }
        #expect(here?.code == .unavailable && here?.detail.contains("Another server") == true)
        // Another process does not get the lock either.
        #expect(throws: Child.Failed.self) { try Child.run("flock", "--nonblock", directory.store + "-lock", "true") }
        first.close()
        withExtendedLifetime(first) {}
    }

    @Test func closingLeavesOneFileAndLetsTheNextServerIn() throws {
        let directory = try TemporaryDirectory()
        let first = try SQLiteStore(path: directory.store)
        #expect(try first.read { try $0.account(.sample(1)) } == nil)
        first.close()
        #expect(!FileManager.default.fileExists(atPath: directory.store + "-wal"))
        let second = try SQLiteStore(path: directory.store)
        second.close()
        withExtendedLifetime(first) {}
    }

    @Test func refusesAStoreOfANewerProgram() throws {
        let directory = try TemporaryDirectory()
        try SQLiteStore(path: directory.store).close()
        try Child.sqlite(directory.store, "PRAGMA user_version = 999")
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: directory.store) }
        #expect(error?.code == .unavailable && error?.detail.contains("newer vendlock") == true)
    }

    @Test func refusesADatabaseOfAnotherProgramAndLeavesItAlone() throws {
        let directory = try TemporaryDirectory()
        try Child.sqlite(directory.store, "CREATE TABLE songs (title TEXT)")
        let before = try Data(contentsOf: URL(filePath: directory.store))
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: directory.store) }
        #expect(error?.code == .corrupt)
        #expect(try Data(contentsOf: URL(filePath: directory.store)) == before)
    }

    @Test func refusesAFileThatIsNoDatabase() throws {
        let directory = try TemporaryDirectory()
        try Data(repeating: 0x41, count: 9000).write(to: URL(filePath: directory.store))
        let error = #expect(throws: StoreError.self) { try SQLiteStore(path: directory.store) }
        #expect(error?.code == .corrupt)
    }

    @Test func fillsInTheTimeOfACommitThatACrashLeftOpen() throws {
        let directory = try TemporaryDirectory()
        let first = try SQLiteStore(path: directory.store)
        try first.write { writer in
            try writer.insertAccount(.sample(1))
            try writer.insertHold(.sample("open", on: .account(.sample(1))))
            try writer.insertHold(.sample("known", on: .account(.sample(1))))
            try writer.markCommitted(hold: "known", at: .start(1))
            try writer.insertDrill(.sample("drill"), terminals: [])
        }
        first.close()
        var options = SQLiteOptions()
        options.now = { .start(500) }
        let second = try SQLiteStore(path: directory.store, options: options)
        #expect(try second.read { try $0.hold("open") }?.committedAt == .start(500))
        #expect(try second.read { try $0.hold("known") }?.committedAt == .start(1))
        #expect(try second.read { try $0.drill("drill") }?.committedAt == .start(500))
        second.close()
    }
}
