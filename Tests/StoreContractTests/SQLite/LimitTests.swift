import Store
import StoreSQLite
import Synchronization
import Testing
import Wire

@Suite struct LimitTests {
    /// The writer is held in a body while more later writes come than may wait.
    @Test func dropsTheOldestLaterWritesAndCountsThem() throws {
        let directory = try TemporaryDirectory()
        var options = SQLiteOptions()
        options.keptLaterWrites = 100
        let store = try SQLiteStore(path: directory.store, options: options)
        let started = Happening()
        let release = Happening()
        try together(2) { thread in
            if thread == 0 {
                return try store.write { _ in
                    started.happen()
                    release.wait()
                }
            }
            started.wait()
            for number in 0..<150 { store.writeLater { try $0.insertAccount(.sample(number)) } }
            release.happen()
        }
        store.writeLater { try $0.updateAccount(.sample(5)) }
        store.close()
        // The one that came last took the place of another if all still waited.
        #expect((50...51).contains(store.lostLaterWrites.dropped))
        #expect(store.lostLaterWrites.failed == 1)
        let again = try reopened(store, directory)
        let kept = try again.read { try $0.accounts(matching: nil, after: nil, limit: 999) }.count
        #expect(kept + store.lostLaterWrites.dropped == 150)
        again.close()
    }

    private func reopened(_ store: SQLiteStore, _ directory: TemporaryDirectory) throws -> SQLiteStore {
        let copy = directory.path + "/copy"
        try SQLiteStore.backup(from: directory.store, to: copy)
        return try SQLiteStore(path: copy)
    }

    @Test func dropsRefusalsFirstAndNeverTheNewestEvent() throws {
        let directory = try TemporaryDirectory()
        var options = SQLiteOptions()
        options.keptEvents = 40
        let store = try SQLiteStore(path: directory.store, options: options)
        defer { store.close() }
        try store.write { writer in
            try writer.insertDevice(.sample(1))
            let events = (1...60).map { EventTests.event($0, $0 <= 30 && $0 % 3 == 0 ? .enforced : .gateRefused) }
            for event in events { _ = try writer.appendEvents([event], of: .sample(1), at: .start()) }
        }
        let stored = try store.read { try $0.events(of: .sample(1), kind: nil, before: nil, limit: 99) }.map(\.event)
        #expect(stored.count == 40)
        #expect(stored.first?.seq == 60)
        #expect(stored.filter { $0.kind == "enforced" }.map(\.seq) == (1...10).reversed().map { $0 * 3 })
        #expect(try store.write { try $0.appendEvents([EventTests.event(60)], of: .sample(1), at: .start()) } == (60, 0))
    }

    /// Without a pause between the writes the log is copied all the same, and does not grow for ever.
    @Test func theLogStaysBoundedWhileWritesGoOn() throws {
        let directory = try TemporaryDirectory()
        var options = SQLiteOptions()
        options.checkpointPages = 50
        options.reservedLog = 0
        let store = try SQLiteStore(path: directory.store, options: options)
        defer { store.close() }
        let text = String(repeating: "x", count: 3000)
        try together(4) { thread in
            for number in 0..<250 { try store.write { _ = try $0.appendNote(.sample(text, on: .device(.sample(thread * 1000 + number)))) } }
        }
        let log = try sizeOfFile(directory.store + "-wal")
        // 1000 notes fill some 3000 pages; 50 × 4 is where the writer itself copies.
        #expect(log < 1000 * 4096)
        #expect(store.failedCheckpoints == 0)
    }
}
