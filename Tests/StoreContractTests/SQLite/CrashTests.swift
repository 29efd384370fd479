import FoundationEssentials
import Glibc
import Store
import StoreSQLite
import Synchronization
import Testing
import Wire

@Suite struct CrashTests {
    /// A child process writes from four threads, notes each write that returned, and is killed in the middle of it.
    @Test func keepsEveryWriteThatReturnedWhenKilled() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.store
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try SQLiteStore(path: path)
            let record = open(path + "-returned", O_CREAT | O_WRONLY | O_APPEND, 0o600)
            let count = Atomic(0)
            try together(4) { thread in
                var number = thread * 1_000_000
                while true {
                    number += 1
                    let current = number
                    try store.write { writer in
                        try writer.insertAccount(.sample(current))
                        try writer.insertHold(.sample("h\(current)", on: .account(.sample(current))))
                        try writer.appendNote(.sample("locked", on: .account(.sample(current))))
                    }
                    let line = "\(current)\n"
                    precondition(write(record, line, line.utf8.count) == line.utf8.count)
                    if count.add(1, ordering: .relaxed).newValue == 500 { kill(getpid(), SIGKILL) }
                }
            }
        }
        let returned = try String(contentsOf: URL(filePath: path + "-returned"), encoding: .utf8).split(separator: "\n").compactMap {
            Int($0)
        }
        #expect(returned.count >= 500)
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        try store.read { reader in
            for number in returned {
                #expect(try reader.standingHolds(on: .account(.sample(number))).map(\.id) == ["h\(number)"])
            }
            #expect(try reader.noteFaults(chain: NoteTests.chain).isEmpty)
            // Whole or absent: no account without its hold.
            let accounts = try reader.accounts(matching: nil, after: nil, limit: Int.max)
            #expect(accounts.count >= returned.count)
            for account in accounts { #expect(try reader.standingHolds(on: .account(account.reference)).count == 1) }
        }
    }

    /// As a battery that is pulled would leave it: the log is cut anywhere.
    @Test(arguments: [0, 1, 33, 4000, 5000, 20_000, 60_001]) func opensWithALogThatWasCut(bytes: Int) throws {
        let directory = try TemporaryDirectory()
        var options = SQLiteOptions()
        options.reservedLog = 0
        let store = try SQLiteStore(path: directory.store, options: options)
        for number in 0..<30 { try store.write { try $0.insertAccount(.sample(number)) } }
        let copy = directory.path + "/copy.sqlite"
        try FileManager.default.copyItem(atPath: directory.store, toPath: copy)
        try FileManager.default.copyItem(atPath: directory.store + "-wal", toPath: copy + "-wal")
        store.close()
        #expect(truncate(copy + "-wal", off_t(bytes)) == 0)
        let opened = try SQLiteStore(path: copy)
        let found = try opened.read { try $0.accounts(matching: nil, after: nil, limit: 99) }.map(\.reference)
        #expect(Set(found) == Set((0..<found.count).map { AccountReference.sample($0) }))
        try opened.write { try $0.insertAccount(.sample(1000)) }
        opened.close()
    }
}
