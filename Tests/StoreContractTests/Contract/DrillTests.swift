import Store
import Testing
import Wire

@Suite struct DrillTests {
    private static func withTerminals(_ store: any Store) throws {
        try store.write { writer in
            for number in 1...2 { try writer.insertAccount(.sample(number)) }
            for number in 1...3 { try writer.insertDevice(.sample(number, registeredTo: .sample(1))) }
        }
    }

    @Test(arguments: StoreKind.all) func keepsEveryFieldAndItsTerminals(kind: StoreKind) throws {
        try kind.withStore { store in
            try Self.withTerminals(store)
            var drill = DrillRecord(
                id: "d1", account: .sample(1), revision: 50, requestedBy: "+27711234567", source: "whatsapp", requestedAt: .start(1),
                committedAt: .start(2), replyTo: [3], finishedAt: .start(4))
            try store.write { [drill] writer in
                try writer.insertDrill(drill, terminals: [.sample(2), .sample(1)])
                try writer.insertDrill(.sample("d2"), terminals: [])
            }
            #expect(try store.read { try $0.drill("d1") } == drill)
            #expect(try store.read { try $0.drill("d2") } == .sample("d2"))
            #expect(try store.read { try $0.drill("d3") } == nil)
            #expect(
                try store.read { try $0.drillTerminals("d1") } == [
                    DrillTerminalRecord(drillID: "d1", imei: .sample(1)), DrillTerminalRecord(drillID: "d1", imei: .sample(2)),
                ])
            #expect(try store.read { try $0.drillTerminals("d2") }.isEmpty)
            drill = DrillRecord(id: "d1", account: .sample(2), revision: 51, requestedBy: "desk-1", source: "api", requestedAt: .start(9))
            try store.write { [drill] in try $0.updateDrill(drill) }
            #expect(try store.read { try $0.drill("d1") } == drill)
            // No subject's next revision may be one that a drill has used.
            #expect(try store.write { try $0.nextRevision(now: Timestamp(unixMilliseconds: 0)) } == 52)
        }
    }

    @Test(arguments: StoreKind.all) func refusesWhatIsUnknownOrThereAlready(kind: StoreKind) throws {
        try kind.withStore { store in
            try Self.withTerminals(store)
            try store.write { try $0.insertDrill(.sample("d1"), terminals: []) }
            let cases: [(StoreError.Code, @Sendable (any StoreWriter) throws -> Void)] = [
                (.exists, { try $0.insertDrill(.sample("d1"), terminals: []) }),
                (.exists, { try $0.insertDrill(.sample("d2"), terminals: [.sample(1), .sample(1)]) }),
                (.notFound, { try $0.insertDrill(.sample("d2", of: 9), terminals: []) }),
                (.notFound, { try $0.insertDrill(.sample("d2"), terminals: [.sample(9)]) }),
                (.notFound, { try $0.updateDrill(.sample("d2")) }),
            ]
            for (code, body) in cases {
                let error = #expect(throws: StoreError.self) { try store.write(body) }
                #expect(error?.code == code)
            }
            #expect(try store.read { try $0.drill("d2") } == nil)
        }
    }

    @Test(arguments: StoreKind.all) func listsThoseOfAnAccountAndThoseThatAreOpen(kind: StoreKind) throws {
        try kind.withStore { store in
            try Self.withTerminals(store)
            try store.write { writer in
                for (id, time) in [("a", 30), ("b", 10), ("c", 20)] as [(String, Int64)] {
                    try writer.insertDrill(.sample(id, at: time), terminals: [])
                }
                try writer.insertDrill(.sample("other", of: 2, at: 15), terminals: [])
                var finished = DrillRecord.sample("finished", at: 5)
                finished.finishedAt = .start(6)
                try writer.insertDrill(finished, terminals: [])
            }
            try store.read { reader throws in
                #expect(try reader.drills(of: .sample(1), limit: 9).map(\.id) == ["finished", "c", "b", "a"])
                #expect(try reader.drills(of: .sample(1), limit: 2).map(\.id) == ["finished", "c"])
                #expect(try reader.openDrills(requestedBefore: .start(99), limit: 9).map(\.id) == ["b", "other", "c", "a"])
                #expect(try reader.openDrills(requestedBefore: .start(15), limit: 9).map(\.id) == ["b", "other"])
                #expect(try reader.openDrills(requestedBefore: .start(99), limit: 1).map(\.id) == ["b"])
            }
        }
    }

    @Test(arguments: StoreKind.all) func aTerminalConfirmsItsOpenDrillsUpToARevision(kind: StoreKind) throws {
        try kind.withStore { store throws in
            try Self.withTerminals(store)
            try store.write { writer in
                for (id, revision) in [("a", 10), ("b", 20), ("c", 30)] as [(String, Revision)] {
                    try writer.insertDrill(.sample(id, revision: revision), terminals: [.sample(1), .sample(2)])
                }
                var finished = DrillRecord.sample("finished", revision: 40)
                finished.finishedAt = .start(1)
                try writer.insertDrill(finished, terminals: [.sample(1)])
            }
            func open(_ number: Int) throws -> Revision { try store.read { try $0.openDrillRevision(of: .sample(number)) } }
            func confirm(_ number: Int, _ revision: Revision, at time: Int64) throws -> [String] {
                try store.write { try $0.markDrillConfirmed(by: .sample(number), upTo: revision, at: .start(time)) }.sorted()
            }
            func confirmed(_ id: String) throws -> [Timestamp?] { try store.read { try $0.drillTerminals(id) }.map(\.confirmedAt) }
            #expect(try open(1) == 30)
            #expect(try open(3) == 0)
            #expect(try open(9) == 0)
            #expect(try confirm(1, 9, at: 50) == [])
            #expect(try confirm(1, 20, at: 51) == ["a", "b"])
            #expect(try confirm(1, 20, at: 52) == [])
            #expect(try open(1) == 30)
            #expect(try confirm(1, 99, at: 53) == ["c"])
            #expect(try open(1) == 0)
            #expect(try open(2) == 30)
            #expect(try confirmed("a") == [.start(51), nil])
            #expect(try confirmed("c") == [.start(53), nil])
            // What was finished without this terminal stays without it.
            #expect(try confirmed("finished") == [nil])
        }
    }
}
