import Store
import Testing
import Wire

@Suite struct OutboxTests {
    private static func due(_ store: any Store, at milliseconds: Int64 = 1000, limit: Int = 99) throws -> [Int64] {
        try store.read { try $0.dueOutbox(now: .start(milliseconds), limit: limit) }.map(\.number)
    }

    @Test(arguments: StoreKind.all) func keepsEveryFieldAndGivesRisingNumbers(kind: StoreKind) throws {
        try kind.withStore { store in
            var full = OutboxRecord(
                number: 77, lane: "+27711234567", provider: "twilio", job: [0, 255], account: .sample(1), cause: "h1", state: .sending,
                createdAt: .start(1), notBefore: .start(2), attempts: 3, providerID: "SM1", failure: "busy", changedAt: .start(4))
            let (first, second) = try store.write { [full] in (try $0.enqueue(full), try $0.enqueue(.sample())) }
            #expect(first < second)
            full.number = first
            #expect(try store.read { try $0.outbox(first) } == full)
            var bare = OutboxRecord.sample()
            bare.number = second
            #expect(try store.read { try $0.outbox(second) } == bare)
            #expect(try store.read { try $0.outbox(second + 1) } == nil)
        }
    }

    @Test(arguments: StoreKind.all) func updatesAllButWhatARowIsKnownBy(kind: StoreKind) throws {
        try kind.withStore { store in
            let number = try store.write { try $0.enqueue(.sample()) }
            let changed = OutboxRecord(
                number: number, lane: "another", provider: "twilio", job: [1], account: .sample(2), cause: "h2", state: .failed,
                createdAt: .start(50), notBefore: .start(60), attempts: 8, providerID: "wamid.2", failure: "131026", changedAt: .start(70))
            try store.write { try $0.updateOutbox(changed) }
            var expected = changed
            let original = OutboxRecord.sample()
            (expected.lane, expected.provider, expected.createdAt) = (original.lane, original.provider, original.createdAt)
            #expect(try store.read { try $0.outbox(number) } == expected)

            var unknown = changed
            unknown.number = number + 1
            let error = #expect(throws: StoreError.self) { try store.write { [unknown] in try $0.updateOutbox(unknown) } }
            #expect(error?.code == .notFound)
        }
    }

    @Test(arguments: StoreKind.all) func whatIsBehindWaitsUntilWhatIsBeforeIsDone(kind: StoreKind) throws {
        try kind.withStore { store in
            let (first, second, apart) = try store.write { writer in
                (
                    try writer.enqueue(.sample(lane: "a", at: 20)), try writer.enqueue(.sample(lane: "a", at: 10)),
                    try writer.enqueue(.sample(lane: "b", at: 15))
                )
            }
            #expect(try Self.due(store) == [apart, first])
            try store.write { try $0.changeOutbox(first) { $0.state = .sending } }
            #expect(try Self.due(store) == [apart])
            try store.write { try $0.changeOutbox(first) { ($0.state, $0.notBefore) = (.waiting, .start(500)) } }
            #expect(try Self.due(store, at: 499) == [apart])
            #expect(try Self.due(store, at: 500) == [apart, first])
            try store.write { try $0.changeOutbox(first) { $0.state = .sent } }
            #expect(try Self.due(store) == [second, apart])
        }
    }

    @Test(arguments: StoreKind.all, OutboxRecord.State.allCases) func onlyAnOpenRowBlocksItsLane(kind: StoreKind, state: OutboxRecord.State) throws {
        try kind.withStore { store in
            let (first, second) = try store.write { writer in
                let first = try writer.enqueue(.sample())
                let second = try writer.enqueue(.sample())
                try writer.changeOutbox(first) { $0.state = state }
                return (first, second)
            }
            #expect(try Self.due(store) == (state == .waiting ? [first] : state == .sending ? [] : [second]))
            // The same when it was put there in this state.
            let (third, fourth) = try store.write { writer in
                (try writer.enqueue(.sample(lane: "b", at: 1, state: state)), try writer.enqueue(.sample(lane: "b", at: 1)))
            }
            #expect(try Self.due(store).filter { $0 > second } == (state == .waiting ? [third] : state == .sending ? [] : [fourth]))
        }
    }

    @Test(arguments: StoreKind.all) func aFailedRowThatIsTriedAgainGoesBeforeWhatCameAfterIt(kind: StoreKind) throws {
        try kind.withStore { store in
            let (first, second) = try store.write { writer in (try writer.enqueue(.sample(state: .failed)), try writer.enqueue(.sample())) }
            #expect(try Self.due(store) == [second])
            try store.write { try $0.changeOutbox(first) { $0.state = .waiting } }
            #expect(try Self.due(store) == [first])
            try store.write { try $0.changeOutbox(first) { $0.state = .delivered } }
            #expect(try Self.due(store) == [second])
            // A later word on a row that is done changes nothing in its lane.
            try store.write { writer in
                try writer.changeOutbox(second) { $0.state = .sending }
                try writer.changeOutbox(first) { $0.state = .read }
            }
            #expect(try Self.due(store) == [])
        }
    }

    @Test(arguments: StoreKind.all) func knowsWhenTheNextMayGo(kind: StoreKind) throws {
        try kind.withStore { store in
            #expect(try store.read { try $0.nextOutboxTime() } == nil)
            let (blocking, early) = try store.write { writer in
                let blocking = try writer.enqueue(.sample(lane: "a", at: 100))
                try writer.enqueue(.sample(lane: "a", at: 1))
                return (blocking, try writer.enqueue(.sample(lane: "b", at: 50)))
            }
            #expect(try store.read { try $0.nextOutboxTime() } == .start(50))
            try store.write { try $0.changeOutbox(early) { $0.state = .sending } }
            #expect(try store.read { try $0.nextOutboxTime() } == .start(100))
            try store.write { try $0.changeOutbox(blocking) { $0.state = .sending } }
            #expect(try store.read { try $0.nextOutboxTime() } == nil)
            try store.write { try $0.changeOutbox(blocking) { $0.state = .failed } }
            #expect(try store.read { try $0.nextOutboxTime() } == .start(1))
        }
    }

    @Test(arguments: StoreKind.all) func givesNoMoreThanAskedForOldestFirst(kind: StoreKind) throws {
        try kind.withStore { store in
            let numbers = try store.write { writer in try [30, 10, 20, 10].enumerated().map { try writer.enqueue(.sample(lane: "\($0)", at: $1)) } }
            #expect(try Self.due(store, limit: 3) == [numbers[1], numbers[3], numbers[2]])
            #expect(try Self.due(store, at: 10) == [numbers[1], numbers[3]])
            #expect(try Self.due(store, at: 9) == [])
            #expect(try Self.due(store, limit: 0) == [])
        }
    }

    @Test(arguments: StoreKind.all) func aChangeThatIsUndoneLeavesTheLaneAsItWas(kind: StoreKind) throws {
        struct Refused: Error {}
        try kind.withStore { store in
            let first = try store.write { writer in
                let first = try writer.enqueue(.sample())
                try writer.enqueue(.sample())
                return first
            }
            #expect(throws: Refused.self) {
                try store.write { writer in
                    try writer.changeOutbox(first) { $0.state = .sent }
                    throw Refused()
                }
            }
            #expect(try Self.due(store) == [first])
        }
    }
}
