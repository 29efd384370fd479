import Store
import Testing
import Wire

@Suite struct OutboxListTests {
    @Test(arguments: StoreKind.all) func findsARowByTheProvidersIdentifier(kind: StoreKind) throws {
        try kind.withStore { store in
            let (first, other) = try store.write { writer in
                let first = try writer.enqueue(.sample())
                var twilio = OutboxRecord.sample(state: .sent)
                (twilio.provider, twilio.providerID) = ("twilio", "id-1")
                let other = try writer.enqueue(twilio)
                try writer.changeOutbox(first) { ($0.state, $0.providerID) = (.sent, "id-1") }
                return (first, other)
            }
            #expect(try store.read { try $0.outbox(providerID: "id-1", provider: "whatsapp") }?.number == first)
            #expect(try store.read { try $0.outbox(providerID: "id-1", provider: "twilio") }?.number == other)
            #expect(try store.read { try $0.outbox(providerID: "id-1", provider: "clickatell") } == nil)
            #expect(try store.read { try $0.outbox(providerID: "id-2", provider: "whatsapp") } == nil)
        }
    }

    @Test(arguments: StoreKind.all, OutboxRecord.State.allCases) func listsThoseInAState(kind: StoreKind, state: OutboxRecord.State) throws {
        try kind.withStore { store in
            let numbers = try store.write { writer in
                try (0..<4).map { turn in
                    for other in OutboxRecord.State.allCases where other != state {
                        try writer.enqueue(.sample(lane: other.rawValue, account: .sample(1), state: other))
                    }
                    let account = AccountReference.sample(1 + turn % 2)
                    return try writer.enqueue(.sample(lane: "here", at: Int64(10 * turn), account: account, state: state))
                }
            }
            try store.read { reader throws in
                func oldest(_ time: Int64, _ limit: Int = 99) throws -> [Int64] {
                    try reader.outbox(in: state, changedBefore: .start(time), limit: limit).map(\.number)
                }
                #expect(try oldest(30) == numbers)
                #expect(try oldest(20) == Array(numbers[..<3]))
                #expect(try oldest(99, 2) == Array(numbers[..<2]))
                #expect(try oldest(-1) == [])
                func newest(_ reference: AccountReference?, before: Int64? = nil, _ limit: Int = 99) throws -> [Int64] {
                    try reader.outbox(of: reference, in: state, before: before, limit: limit).map(\.number)
                }
                #expect(try newest(nil) == numbers.reversed())
                #expect(try newest(nil, before: numbers[2], 1) == [numbers[1]])
                #expect(try newest(.sample(2)) == [numbers[3], numbers[1]])
                #expect(try newest(.sample(2), before: numbers[3]) == [numbers[1]])
                #expect(try newest(.sample(3)) == [])
            }
        }
    }

    @Test(arguments: StoreKind.all) func listsAllStatesNewestFirst(kind: StoreKind) throws {
        try kind.withStore { store in
            let numbers = try store.write { writer in
                try OutboxRecord.State.allCases.map { try writer.enqueue(.sample(account: .sample(1), state: $0)) }
            }
            let none = try store.write { try $0.enqueue(.sample()) }
            #expect(try store.read { try $0.outbox(of: nil, in: nil, before: nil, limit: 99) }.map(\.number) == [none] + numbers.reversed())
            #expect(try store.read { try $0.outbox(of: .sample(1), in: nil, before: nil, limit: 2) }.map(\.number) == Array(numbers.reversed()[..<2]))
        }
    }

    @Test(arguments: StoreKind.all) func findsWhatIsOpenForACause(kind: StoreKind) throws {
        try kind.withStore { store in
            let numbers = try store.write { writer in
                let numbers = try OutboxRecord.State.allCases.map { try writer.enqueue(.sample(lane: "a", cause: "h1", state: $0)) }
                try writer.enqueue(.sample(lane: "a", cause: "h2"))
                try writer.enqueue(.sample(lane: "a"))
                try writer.enqueue(.sample(lane: "b", cause: "h1"))
                return numbers
            }
            #expect(try store.read { try $0.openOutbox(lane: "a", cause: "h1") }.map(\.number) == Array(numbers[..<2]))
            #expect(try store.read { try $0.openOutbox(lane: "c", cause: "h1") }.isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func sumsUpWhatIsOpen(kind: StoreKind) throws {
        try kind.withStore { store in
            #expect(try store.read { try $0.outboxSummary(besides: nil) } == OutboxSummary(open: 0, oldest: nil))
            let first = try store.write { writer in
                try writer.enqueue(.sample(at: 1, state: .failed))
                let first = try writer.enqueue(.sample(at: 2, state: .sending))
                try writer.enqueue(.sample(at: 3))
                return first
            }
            #expect(try store.read { try $0.outboxSummary(besides: nil) } == OutboxSummary(open: 2, oldest: .start(2)))
            try store.write { try $0.changeOutbox(first) { $0.state = .sent } }
            #expect(try store.read { try $0.outboxSummary(besides: nil) } == OutboxSummary(open: 1, oldest: .start(3)))
        }
    }
}
