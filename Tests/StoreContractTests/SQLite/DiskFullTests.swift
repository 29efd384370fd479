import FoundationEssentials
import Glibc
import Store
import StoreSQLite
import Synchronization
import Testing
import Wire

@Suite struct DiskFullTests {
    static let mayMount = geteuid() == 0

    /// A file system of so many bytes, gone at the end.
    private func withSmallDisk(_ bytes: Int, _ body: (String) throws -> Void) throws {
        let directory = try TemporaryDirectory()
        let place = directory.path + "/disk"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        try Child.run("mount", "-t", "tmpfs", "-o", "size=\(bytes)", "none", place)
        let outcome = Result { try body(place) }
        try Child.run("umount", "-l", place)
        try outcome.get()
    }

    @Test(.enabled(if: mayMount)) func refusesWhileTheDiskIsFullAndGoesOnAfterwards() throws {
        try withSmallDisk(4 << 20) { place in
            var options = SQLiteOptions()
            options.reservedLog = 0
            let store = try SQLiteStore(path: place + "/store.sqlite", options: options)
            defer { store.close() }
            try store.write { try $0.insertAccount(.sample(1)) }
            let ballast = open(place + "/ballast", O_CREAT | O_WRONLY, 0o600)
            let bytes = [UInt8](repeating: 1, count: 4096)
            while write(ballast, bytes, bytes.count) > 0 {}
            close(ballast)

            let heard = Mutex<Set<Subject>>([])
            store.onCommit { subjects, _ in heard.withLock { $0.formUnion(subjects) } }
            let refusals = Mutex<[StoreError]>([])
            try together(8) { thread in
                do {
                    // Large enough that the log's last page cannot take it.
                    for number in 0..<200 {
                        try store.write { writer in
                            try writer.appendNote(
                                .sample(String(repeating: "x", count: 20_000), on: .device(.sample(thread * 1000 + number))))
                            try writer.touch(.device(.sample(thread * 1000 + number)))
                        }
                    }
                } catch let error as StoreError {
                    refusals.withLock { $0.append(error) }
                }
            }
            #expect(refusals.withLock { $0.count } == 8)
            #expect(refusals.withLock { $0.allSatisfy { $0.code == .unavailable } })
            let notes = try store.read { try $0.allNotes(after: 0, limit: Int.max) }
            #expect(Set(notes.map(\.subject)) == Set(heard.withLock { $0 }.map { NoteSubject($0) }))

            #expect(unlink(place + "/ballast") == 0)
            try store.write { try $0.insertAccount(.sample(2)) }
            #expect(try store.read { try $0.account(.sample(2)) } != nil)
            #expect(try store.read { try $0.noteFaults(chain: NoteTests.chain) }.isEmpty)
        }
    }

    @Test(.enabled(if: mayMount)) func aLockStillFindsRoomInTheReservedLog() throws {
        try withSmallDisk(4 << 20) { place in
            var options = SQLiteOptions()
            options.reservedLog = 1 << 20
            let store = try SQLiteStore(path: place + "/store.sqlite", options: options)
            defer { store.close() }
            try store.write { try $0.insertAccount(.sample(1)) }
            let ballast = open(place + "/ballast", O_CREAT | O_WRONLY, 0o600)
            let bytes = [UInt8](repeating: 1, count: 4096)
            while write(ballast, bytes, bytes.count) > 0 {}
            close(ballast)
            try store.write { try $0.insertHold(.sample("h", on: .account(.sample(1)))) }
            #expect(try store.read { try $0.standingHolds(on: .account(.sample(1))) }.count == 1)
        }
    }
}
