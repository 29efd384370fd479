import Store
import Testing
import Wire

/// Seeded random changes of the outbox; after each, what the store says is due is what its contract says of all rows.
@Suite struct OutboxRandomTests {
    private struct Refused: Error {}

    @Test(arguments: StoreKind.all, [1, 2, 3, 4] as [UInt64]) func whatIsDueFollowsFromTheRows(kind: StoreKind, seed: UInt64) throws {
        try kind.withStore { store in
            var random = RandomSequenceTests.Seeded(state: seed)
            var rows: [Int64: OutboxRecord] = [:]
            var clock: Int64 = 0
            var dueOnce = 0
            for _ in 0..<600 {
                clock += Int64.random(in: 0...20, using: &random)
                let fails = Int.random(in: 0..<8, using: &random) == 0
                let change = change(rows, clock: clock, using: &random)
                do {
                    let kept = try store.write { writer in
                        var record = change
                        if record.number == 0 { record.number = try writer.enqueue(record) } else { try writer.updateOutbox(record) }
                        if fails { throw Refused() }
                        return record
                    }
                    rows[kept.number] = kept
                } catch is Refused {}
                if Int.random(in: 0..<40, using: &random) == 0 {
                    let time = Timestamp.start(clock - 300)
                    _ = try store.write { try $0.forgetMessages(before: time) }
                    let last = rows.keys.max()
                    rows = rows.filter { $0.value.state.isOpen || $0.key == last || $0.value.changedAt >= time || $0.value.createdAt >= time }
                }
                dueOnce += try expectAgreement(store, rows, now: .start(clock))
            }
            #expect(dueOnce > 100, "the sequence leaves nothing to be sent")
        }
    }

    /// A new row, or any row in any state, as a sender, a provider's late word, or staff may make it.
    private func change(_ rows: [Int64: OutboxRecord], clock: Int64, using random: inout RandomSequenceTests.Seeded) -> OutboxRecord {
        guard let number = rows.keys.sorted().randomElement(using: &random), var record = rows[number], Int.random(in: 0..<3, using: &random) > 0
        else {
            var record = OutboxRecord.sample(lane: "lane-\(Int.random(in: 0..<4, using: &random))", at: clock)
            record.notBefore = .start(clock + Int64.random(in: -50...200, using: &random))
            if Int.random(in: 0..<10, using: &random) == 0 { record.state = OutboxRecord.State.allCases.randomElement(using: &random)! }
            return record
        }
        record.changedAt = .start(clock)
        switch record.state {
        case .waiting: record.state = [.sending, .sending, .failed, .waiting].randomElement(using: &random)!
        case .sending: record.state = [.sent, .sent, .sent, .failed, .waiting].randomElement(using: &random)!
        case .sent: record.state = [.delivered, .failed].randomElement(using: &random)!
        case .delivered, .read: record.state = .read
        case .failed: record.state = [.waiting, .failed].randomElement(using: &random)!
        }
        record.notBefore = .start(clock + Int64.random(in: -20...100, using: &random))
        return record
    }

    /// Returns how many are due.
    private func expectAgreement(_ store: any Store, _ rows: [Int64: OutboxRecord], now: Timestamp) throws -> Int {
        let open = rows.values.filter(\.state.isOpen).sorted { $0.number < $1.number }
        var first: [String: OutboxRecord] = [:]
        for row in open where first[row.lane] == nil { first[row.lane] = row }
        let ready = first.values.filter { $0.state == .waiting }
        let expected = ready.filter { $0.notBefore <= now }.sorted { ($0.notBefore, $0.number) < ($1.notBefore, $1.number) }
        return try store.read { reader in
            let due = try reader.dueOutbox(now: now, limit: 99)
            #expect(due == expected)
            #expect(Set(due.map(\.lane)).count == due.count)
            let sending = try reader.outbox(of: nil, in: .sending, through: .all, before: nil, limit: 999)
            for row in due { #expect(!sending.contains { $0.lane == row.lane && $0.number < row.number }) }
            #expect(try reader.nextOutboxTime() == ready.map(\.notBefore).min())
            #expect(try reader.outboxSummary(besides: []) == OutboxSummary(open: open.count, oldest: open.first?.createdAt))
            #expect(try reader.outbox(of: nil, in: nil, through: .all, before: nil, limit: 9999) == rows.values.sorted { $0.number > $1.number })
            return due.count
        }
    }
}
