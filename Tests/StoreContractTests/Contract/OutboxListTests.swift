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
                    try reader.outbox(of: reference, in: state, through: .all, before: before, limit: limit).map(\.number)
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
            #expect(
                try store.read { try $0.outbox(of: nil, in: nil, through: .all, before: nil, limit: 99) }.map(\.number) == [none] + numbers.reversed()
            )
            #expect(
                try store.read { try $0.outbox(of: .sample(1), in: nil, through: .all, before: nil, limit: 2) }.map(\.number)
                    == Array(numbers.reversed()[..<2]))
        }
    }

    @Test(arguments: StoreKind.all) func listsWhatWentThroughAProvider(kind: StoreKind) throws {
        try kind.withStore { store in
            let numbers = try store.write { writer in
                try ["whatsapp", "webhooks", "twilio", "webhooks", "whatsapp"].enumerated().map { place, provider in
                    try writer.enqueue(.sample(provider: provider, account: .sample(1 + place % 2), state: .sent))
                }
            }
            func places(_ providers: OutboxProviders, of reference: AccountReference? = nil, before: Int64? = nil, _ limit: Int = 99) throws -> [Int]
            {
                let lists = try [nil, OutboxRecord.State.sent].map { state in
                    try store.read { try $0.outbox(of: reference, in: state, through: providers, before: before, limit: limit) }
                }
                #expect(lists[0] == lists[1])
                return lists[0].compactMap { numbers.firstIndex(of: $0.number) }
            }
            #expect(try places(.all) == [4, 3, 2, 1, 0])
            #expect(try places(.only("webhooks")) == [3, 1])
            #expect(try places(.only("slack")) == [])
            #expect(try places(.allBut("webhooks")) == [4, 2, 0])
            #expect(try places(.allBut("webhooks"), before: numbers[4], 1) == [2])
            #expect(try places(.only("whatsapp"), of: .sample(1)) == [4, 0])
            #expect(try places(.allBut("whatsapp"), of: .sample(2)) == [3, 1])
        }
    }

    /// The one that is due stays so, the one behind another stays behind it, and none is due before now.
    @Test(arguments: StoreKind.all) func hastensWhatWaits(kind: StoreKind) throws {
        try kind.withStore { store in
            let numbers = try store.write { writer in
                try [("a", 40), ("a", 45), ("b", 90), ("c", 10), ("d", 500)].map { lane, at in try writer.enqueue(.sample(lane: lane, at: at)) }
            }
            try store.write { writer in try writer.changeOutbox(numbers[4]) { $0.state = .sent } }
            #expect(try store.write { try $0.hastenOutbox(by: .milliseconds(30), now: .start(20)) } == 3)
            try store.read { reader throws in
                #expect(try numbers.map { try reader.outbox($0)?.notBefore } == [20, 20, 60, 10, 500].map { .start($0) })
                #expect(try reader.dueOutbox(now: .start(20), limit: 9).map(\.number) == [numbers[3], numbers[0]])
                #expect(try reader.dueOutbox(now: .start(60), limit: 9).map(\.number) == [numbers[3], numbers[0], numbers[2]])
            }
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
            #expect(try store.read { try $0.outboxSummary(besides: []) } == OutboxSummary(open: 0, oldest: nil))
            let first = try store.write { writer in
                try writer.enqueue(.sample(at: 1, state: .failed))
                let first = try writer.enqueue(.sample(at: 2, state: .sending))
                try writer.enqueue(.sample(at: 3))
                return first
            }
            #expect(try store.read { try $0.outboxSummary(besides: []) } == OutboxSummary(open: 2, oldest: .start(2)))
            try store.write { try $0.changeOutbox(first) { $0.state = .sent } }
            #expect(try store.read { try $0.outboxSummary(besides: []) } == OutboxSummary(open: 1, oldest: .start(3)))
        }
    }
}

/// Lanes with much in them.
@Suite struct OutboxLaneTests {
    @Test(arguments: StoreKind.all) func leavesLanesOutOfTheSum(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                for (place, lane) in ["b", "alerts", "webhooks:1", "a", "alert", "webhook", "webhooks", "z"].enumerated() {
                    try writer.enqueue(.sample(lane: lane, at: Int64(place)))
                }
            }
            func summary(_ lanes: [String]) throws -> OutboxSummary { try store.read { try $0.outboxSummary(besides: lanes) } }
            #expect(try summary(["webhooks", "alerts"]) == OutboxSummary(open: 5, oldest: .start(0)))
            #expect(try summary(["b"]) == OutboxSummary(open: 7, oldest: .start(1)))
            #expect(try summary(["a", "b", "w", "z"]) == OutboxSummary(open: 0, oldest: nil))
            #expect(try summary(["nobody"]) == OutboxSummary(open: 8, oldest: .start(0)))
        }
    }

    @Test(arguments: StoreKind.all) func givesUpWhatIsOldInOneLane(kind: StoreKind) throws {
        try kind.withStore { store in
            let (lane, other) = try store.write { writer in
                var lane = [
                    try writer.enqueue(.sample(lane: "l", at: 0, state: .sent)), try writer.enqueue(.sample(lane: "l", at: 0, state: .sending)),
                ]
                for time in 1...6 { lane.append(try writer.enqueue(.sample(lane: "l", at: Int64(time)))) }
                return (lane, try writer.enqueue(.sample(lane: "o", at: 1)))
            }
            func giveUp(after number: Int64, madeBy: Int64, limit: Int = 99) throws -> Int {
                try store.write {
                    try $0.giveUpOutbox(lane: "l", after: number, madeBy: .start(madeBy), failure: "too old", at: .start(9), limit: limit)
                }
            }
            func states() throws -> [OutboxRecord.State?] { try store.read { reader in try lane.map { try reader.outbox($0)?.state } } }
            #expect(try giveUp(after: lane[2], madeBy: 3) == 2)
            #expect(try states() == [.sent, .sending, .waiting, .failed, .failed, .waiting, .waiting, .waiting])
            let row = try #require(try store.read { try $0.outbox(lane[3]) })
            #expect(row.failure == "too old" && row.changedAt == .start(9))
            #expect(try giveUp(after: 0, madeBy: 99, limit: 2) == 2)
            #expect(try states() == [.sent, .sending, .failed, .failed, .failed, .failed, .waiting, .waiting])
            // What is first now may go once what is being sent has gone; the other lane is not touched.
            try store.write { try $0.changeOutbox(lane[1]) { $0.state = .sent } }
            #expect(try store.read { try $0.dueOutbox(now: .start(99), limit: 9) }.map(\.number) == [other, lane[6]])
            #expect(try giveUp(after: 0, madeBy: 99) == 2)
            #expect(try store.read { try $0.dueOutbox(now: .start(99), limit: 9) }.map(\.number) == [other])
        }
    }
}
