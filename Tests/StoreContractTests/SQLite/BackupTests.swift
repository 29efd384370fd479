import FoundationEssentials
import Glibc
import Store
import StoreSQLite
import Synchronization
import Testing
import Wire

@Suite struct BackupTests {
    @Test func isOneMomentOfAStoreThatFourThreadsWrite() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        let copied = Atomic(false)
        let target = directory.path + "/copy"
        let before = 50
        for number in 0..<before { try store.write { try $0.insertAccount(.sample(number)) } }
        try together(5) { thread in
            if thread == 4 {
                defer { copied.store(true, ordering: .relaxed) }
                return try store.backup(to: target)
            }
            var number = (thread + 1) * 100_000
            while !copied.load(ordering: .relaxed) {
                number += 1
                let current = number
                try store.write { writer in
                    try writer.insertAccount(.sample(current))
                    try writer.insertHold(.sample("h\(current)", on: .account(.sample(current))))
                }
            }
        }
        store.close()
        var status = stat()
        #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(!FileManager.default.fileExists(atPath: target + ".part") && !FileManager.default.fileExists(atPath: target + "-wal"))

        let copy = try SQLiteStore(path: target)
        defer { copy.close() }
        try copy.read { reader in
            let accounts = try reader.accounts(matching: nil, after: nil, limit: Int.max)
            let inserted = accounts.filter { account in !(0..<before).contains { account.reference == .sample($0) } }
            #expect(accounts.count >= before)
            for account in inserted { #expect(try reader.standingHolds(on: .account(account.reference)).count == 1) }
        }
    }

    @Test func refusesToOverwrite() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        defer { store.close() }
        let target = directory.path + "/precious"
        try Data("mine".utf8).write(to: URL(filePath: target))
        let error = #expect(throws: StoreError.self) { try store.backup(to: target) }
        #expect(error?.code == .exists)
        #expect(try Data(contentsOf: URL(filePath: target)) == Data("mine".utf8))
    }

    @Test func leavesNothingWhereItCannotWrite() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.store)
        defer { store.close() }
        let error = #expect(throws: StoreError.self) { try store.backup(to: directory.path + "/absent/copy") }
        #expect(error?.code == .unavailable)
        let stray = #expect(throws: StoreError.self) {
            try SQLiteStore.backup(from: directory.path + "/none", to: directory.path + "/copy")
        }
        #expect(stray?.code == .notFound)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/copy"))
    }
}
