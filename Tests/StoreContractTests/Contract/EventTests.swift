import Store
import Testing
import Wire

@Suite struct EventTests {
    static func event(_ seq: Int64, _ kind: TerminalEvent.Kind = .gateRefused) -> TerminalEvent {
        var event = TerminalEvent(seq: seq, kind: kind, at: .start(seq * 1000), uptime_ms: seq * 10)
        event.operation = "airtime_vend"
        event.amount_cents = 5000
        event.lat = -26.2309
        return event
    }

    @Test(arguments: StoreKind.all) func countsEachEventOnce(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { try $0.insertDevice(.sample(1)) }
            let first = try store.write {
                try $0.appendEvents([Self.event(1), Self.event(3), Self.event(2)], of: .sample(1), at: .start(9))
            }
            #expect(first == (3, 3))
            let repeated = try store.write {
                try $0.appendEvents([Self.event(2), Self.event(3), Self.event(5)], of: .sample(1), at: .start(10))
            }
            #expect(repeated == (5, 1))
            let none = try store.write { try $0.appendEvents([], of: .sample(1), at: .start(10)) }
            #expect(none == (5, 0))
            #expect(try store.read { try $0.lastEventSequence(of: .sample(1)) } == 5)
            #expect(try store.read { try $0.lastEventSequence(of: .sample(2)) } == 0)
            let stored = try store.read { try $0.events(of: .sample(1), kind: nil, before: nil, limit: 9) }
            #expect(stored.map(\.event) == [5, 3, 2, 1].map { Self.event($0) })
            #expect(stored.map(\.receivedAt) == [.start(10), .start(9), .start(9), .start(9)])
        }
    }

    @Test(arguments: StoreKind.all) func pagesAndFiltersByKind(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertDevice(.sample(1))
                let events = (1...30).map { Self.event($0, $0 % 3 == 0 ? .location : .gateRefused) }
                _ = try writer.appendEvents(events, of: .sample(1), at: .start())
            }
            func found(_ kind: String?, _ before: Int64?) throws -> [Int64] {
                try store.read { try $0.events(of: .sample(1), kind: kind, before: before, limit: 3) }.map(\.event.seq)
            }
            #expect(try found(nil, nil) == [30, 29, 28])
            #expect(try found(nil, 28) == [27, 26, 25])
            #expect(try found("location", nil) == [30, 27, 24])
            #expect(try found("location", 24) == [21, 18, 15])
            #expect(try found("tamper", nil) == [])
        }
    }

    @Test(arguments: StoreKind.all) func refusesATerminalThatIsNotKnown(kind: StoreKind) throws {
        try kind.withStore { store in
            let error = #expect(throws: StoreError.self) {
                try store.write { _ = try $0.appendEvents([Self.event(1)], of: .sample(1), at: .start()) }
            }
            #expect(error?.code == .notFound)
        }
    }
}
