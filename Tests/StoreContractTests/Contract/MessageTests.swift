import Store
import Testing
import Wire

@Suite struct MessageTests {
    @Test(arguments: StoreKind.all) func keepsEveryField(kind: StoreKind) throws {
        try kind.withStore { store in
            let full = MessageRecord(
                provider: "whatsapp", id: "wamid.1", sender: "+27711234567", receivedAt: .start(3), sentAt: .start(1), outcome: "locked",
                account: .sample(1))
            let bare = MessageRecord(
                provider: "ussd", id: "wamid.1", sender: "ZA.1", receivedAt: .start(4), sentAt: nil, outcome: "ignored", account: nil)
            try store.write { writer in
                try writer.insertMessage(full)
                try writer.insertMessage(bare)
            }
            #expect(try store.read { try $0.message(provider: "whatsapp", id: "wamid.1") } == full)
            #expect(try store.read { try $0.message(provider: "ussd", id: "wamid.1") } == bare)
            #expect(try store.read { try $0.message(provider: "twilio", id: "wamid.1") } == nil)
        }
    }

    @Test(arguments: StoreKind.all) func refusesARepeatAndUndoesWhatCameWithIt(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { try $0.insertMessage(.sample("m")) }
            let error = #expect(throws: StoreError.self) {
                try store.write { writer in
                    try writer.appendNote(.sample("twice", on: .account(.sample(1))))
                    try writer.insertMessage(.sample("m", from: "+27711234568", at: 9, account: nil))
                }
            }
            #expect(error?.code == .exists)
            #expect(try store.read { try $0.message(provider: "whatsapp", id: "m") } == .sample("m"))
            #expect(try store.read { try $0.allNotes(after: 0, limit: 9) }.isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func knowsTheLastOfASenderThroughAProvider(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                for (id, time) in [("a", 5), ("b", 20), ("c", 10)] as [(String, Int64)] { try writer.insertMessage(.sample(id, at: time)) }
                try writer.insertMessage(.sample("d", from: "+27711234568", at: 30))
                var other = MessageRecord.sample("e", at: 40)
                other.provider = "twilio"
                try writer.insertMessage(other)
            }
            try store.read { reader throws in
                #expect(try reader.lastMessage(from: "+27711234567", provider: "whatsapp") == .start(20))
                #expect(try reader.lastMessage(from: "+27711234567", provider: "twilio") == .start(40))
                #expect(try reader.lastMessage(from: "+27711234567", provider: "ussd") == nil)
                #expect(try reader.lastMessage(from: "+27711234569", provider: "whatsapp") == nil)
            }
        }
    }

    @Test(arguments: StoreKind.all) func listsAnAccountsMessagesNewestFirst(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                for (id, time) in [("a", 5), ("b", 20), ("c", 10)] as [(String, Int64)] { try writer.insertMessage(.sample(id, at: time)) }
                try writer.insertMessage(.sample("other", at: 15, account: .sample(2)))
                try writer.insertMessage(.sample("none", at: 15, account: nil))
            }
            #expect(try store.read { try $0.messages(of: .sample(1), limit: 9) }.map(\.id) == ["b", "c", "a"])
            #expect(try store.read { try $0.messages(of: .sample(1), limit: 2) }.map(\.id) == ["b", "c"])
            #expect(try store.read { try $0.messages(of: .sample(3), limit: 9) }.isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func forgetsTheOldAndKeepsWhatIsOpen(kind: StoreKind) throws {
        try kind.withStore { store in
            let states: [OutboxRecord.State] = [.waiting, .sending, .sent, .delivered, .read, .failed]
            let (numbers, late, young) = try store.write { writer in
                for time in [0, 9, 10, 11] as [Int64] { try writer.insertMessage(.sample("m\(time)", at: time)) }
                let numbers = try states.map { try writer.enqueue(.sample(lane: $0.rawValue, state: $0)) }
                var changed = OutboxRecord.sample(state: .delivered)
                changed.changedAt = .start(10)
                let late = try writer.enqueue(changed)
                return (numbers, late, try writer.enqueue(.sample(at: 10, state: .sent)))
            }
            #expect(try store.write { try $0.forgetMessages(before: .start(10)) } == 6)
            #expect(try store.read { try $0.messages(of: .sample(1), limit: 9) }.map(\.id) == ["m11", "m10"])
            #expect(
                try store.read { try $0.outbox(of: nil, in: nil, through: .all, before: nil, limit: 99) }.map(\.number) == [
                    young, late, numbers[1], numbers[0],
                ])
            #expect(try store.write { try $0.forgetMessages(before: .start(10)) } == 0)
            // What was forgotten is no repeat any more.
            try store.write { try $0.insertMessage(.sample("m9", at: 12)) }
        }
    }

    @Test(arguments: StoreKind.all) func neverGivesANumberAgainThatWasForgotten(kind: StoreKind) throws {
        try kind.withStore { store in
            let last = try store.write { writer in
                try writer.enqueue(.sample(state: .sent))
                return try writer.enqueue(.sample(state: .sent))
            }
            _ = try store.write { try $0.forgetMessages(before: .start(1000)) }
            #expect(try store.write { try $0.enqueue(.sample()) } > last)
        }
    }

    @Test(arguments: StoreKind.all) func forgetsManyInTurns(kind: StoreKind) throws {
        try kind.withStore { store in
            let count = 350
            try store.write { writer in
                for number in 0..<count { try writer.insertMessage(.sample("m\(number)", at: Int64(number))) }
                for number in 0..<count { try writer.enqueue(.sample(lane: "\(number)", at: Int64(number), state: .sent)) }
            }
            var turns: [Int] = []
            repeat { turns.append(try store.write { try $0.forgetMessages(before: .start(Int64(count))) }) } while turns.last != 0
            // The last row of the outbox stays.
            #expect(turns.reduce(0, +) == 2 * count - 1)
            #expect(turns.count > 2)
            #expect(try store.read { try $0.messages(of: .sample(1), limit: 9) }.isEmpty)
        }
    }
}
