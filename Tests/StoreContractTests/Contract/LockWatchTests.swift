import Store
import Testing
import Wire

@Suite struct LockWatchTests {
    private static func withHolds(_ store: any Store, _ count: Int) throws {
        try store.write { writer in
            try writer.insertAccount(.sample(1))
            for number in 1...count { try writer.insertHold(.sample("h\(number)", on: .account(.sample(1)))) }
        }
    }

    @Test(arguments: StoreKind.all) func keepsEveryField(kind: StoreKind) throws {
        try kind.withStore { store in
            try Self.withHolds(store, 2)
            var watch = LockWatchRecord(
                holdID: "h1", account: .sample(1), noteID: 7, replyTo: [1, 2], replyNumber: 9, dueAt: .start(60), finishedAt: .start(70))
            let bare = LockWatchRecord(holdID: "h2", account: nil)
            try store.write { [watch] writer in
                try writer.insertLockWatch(watch)
                try writer.insertLockWatch(bare)
            }
            #expect(try store.read { try $0.lockWatch(ofHold: "h1") } == watch)
            #expect(try store.read { try $0.lockWatch(ofHold: "h2") } == bare)
            #expect(try store.read { try $0.lockWatch(ofHold: "h3") } == nil)
            watch = LockWatchRecord(holdID: "h1", account: nil, noteID: 8, replyTo: [], replyNumber: nil, dueAt: nil, finishedAt: nil)
            try store.write { [watch] in try $0.updateLockWatch(watch) }
            #expect(try store.read { try $0.lockWatch(ofHold: "h1") } == watch)
            #expect(try store.read { try $0.lockWatch(ofHold: "h2") } == bare)
        }
    }

    @Test(arguments: StoreKind.all) func refusesUnknownHoldsAndASecondWatch(kind: StoreKind) throws {
        try kind.withStore { store in
            try Self.withHolds(store, 1)
            try store.write { try $0.insertLockWatch(LockWatchRecord(holdID: "h1", account: .sample(1))) }
            let cases: [(StoreError.Code, @Sendable (any StoreWriter) throws -> Void)] = [
                (.exists, { try $0.insertLockWatch(LockWatchRecord(holdID: "h1", account: .sample(1))) }),
                (.notFound, { try $0.insertLockWatch(LockWatchRecord(holdID: "h9", account: .sample(1))) }),
                (.notFound, { try $0.updateLockWatch(LockWatchRecord(holdID: "h9", account: .sample(1))) }),
            ]
            for (code, body) in cases {
                let error = #expect(throws: StoreError.self) { try store.write(body) }
                #expect(error?.code == code)
            }
        }
    }

    @Test(arguments: StoreKind.all) func isDueOnceItsTimeIsReachedAndNoMoreOnceItIsTaken(kind: StoreKind) throws {
        try kind.withStore { store throws in
            try Self.withHolds(store, 4)
            try store.write { writer in
                for (number, time) in [(1, 30), (2, 10), (3, 20)] as [(Int, Int64)] {
                    try writer.insertLockWatch(LockWatchRecord(holdID: "h\(number)", account: .sample(1), dueAt: .start(time)))
                }
                try writer.insertLockWatch(LockWatchRecord(holdID: "h4", account: .sample(1)))
            }
            func due(_ time: Int64, _ limit: Int = 9) throws -> [String] {
                try store.read { try $0.dueLockWatches(now: .start(time), limit: limit) }.map(\.holdID)
            }
            #expect(try due(9) == [])
            #expect(try due(20) == ["h2", "h3"])
            #expect(try due(99) == ["h2", "h3", "h1"])
            #expect(try due(99, 1) == ["h2"])
            try store.write { try $0.updateLockWatch(LockWatchRecord(holdID: "h2", account: .sample(1))) }
            #expect(try due(99) == ["h3", "h1"])
        }
    }
}
