import Store
import Testing
import Wire

@Suite struct HoldTests {
    private static func onAccount(_ store: any Store) throws -> Subject {
        try store.write { writer in
            try writer.insertAccount(.sample(1))
            for number in 1...3 { try writer.insertDevice(.sample(number, registeredTo: .sample(1))) }
        }
        return .account(.sample(1))
    }

    @Test(arguments: StoreKind.all) func keepsEveryField(kind: StoreKind) throws {
        try kind.withStore { store in
            let subject = try Self.onAccount(store)
            var hold = HoldRecord.sample("h1", on: subject)
            try store.write { [hold] in try $0.insertHold(hold) }
            #expect(try store.read { try $0.hold("h1") } == hold)
            #expect(try store.read { try $0.hold("h2") } == nil)

            try store.write { writer in
                try writer.markCommitted(hold: "h1", at: .start(3))
                try writer.markCommitted(hold: "h1", at: .start(4))
                try writer.releaseHold("h1", at: .start(5), by: "senior-1")
                try writer.releaseHold("h1", at: .start(6), by: "senior-2")
            }
            hold.committedAt = .start(3)
            hold.releasedAt = .start(5)
            hold.releasedBy = "senior-1"
            #expect(try store.read { try $0.hold("h1") } == hold)
        }
    }

    @Test(arguments: StoreKind.all) func refusesUnknownSubjectsAndHolds(kind: StoreKind) throws {
        try kind.withStore { store in
            let bodies: [@Sendable (any StoreWriter) throws -> Void] = [
                { try $0.insertHold(.sample("a", on: .account(.sample(9)))) },
                { try $0.insertHold(.sample("a", on: .device(.sample(9)))) },
                { try $0.releaseHold("a", at: .start(), by: "x") },
                { try $0.markCommitted(hold: "a", at: .start()) },
                { try $0.insertDelivery(DeliveryRecord(holdID: "a", imei: .sample(1), revision: 1)) },
            ]
            for body in bodies {
                let error = #expect(throws: StoreError.self) { try store.write(body) }
                #expect(error?.code == .notFound)
            }
        }
    }

    @Test(arguments: StoreKind.all) func standsUntilReleasedAndPagesNewestFirst(kind: StoreKind) throws {
        try kind.withStore { store in
            let subject = try Self.onAccount(store)
            for number in 0..<20 {
                try store.write { try $0.insertHold(.sample("h\(number)", on: subject)) }
                if number % 4 != 0 { try store.write { try $0.releaseHold("h\(number)", at: .start(1), by: "senior-1") } }
            }
            try store.write { try $0.insertHold(.sample("other", on: .device(.sample(1)))) }
            #expect(try store.read { try $0.standingHolds(on: subject) }.map(\.id) == ["h0", "h4", "h8", "h12", "h16"])
            #expect(try store.read { try $0.standingHolds(on: .device(.sample(1))) }.map(\.id) == ["other"])
            #expect(try Self.pages(of: subject, in: store) == (0..<20).reversed().map { "h\($0)" })
        }
    }

    /// The ids of all holds on a subject, read three at a time.
    private static func pages(of subject: Subject, in store: any Store) throws -> [String] {
        try store.read { reader in
            var found: [String] = []
            while true {
                let page = try reader.holds(on: subject, before: found.last, limit: 3)
                if page.isEmpty { return found }
                found += page.map(\.id)
            }
        }
    }

    @Test(arguments: StoreKind.all) func deliveriesGoFromDeliveredToEnforcedOnce(kind: StoreKind) throws {
        try kind.withStore { store in
            let subject = try Self.onAccount(store)
            try store.write { writer in
                for (id, revision) in [("a", Revision(10)), ("b", 20)] {
                    try writer.insertHold(.sample(id, on: subject, revision: revision))
                    for number in 1...2 { try writer.insertDelivery(DeliveryRecord(holdID: id, imei: .sample(number), revision: revision)) }
                }
            }
            let delivered = try store.write { try $0.markDelivered(to: .sample(1), upTo: 10, at: .start(1)) }
            #expect(delivered == [DeliveryRecord(holdID: "a", imei: .sample(1), revision: 10, deliveredAt: .start(1))])
            #expect(try store.write { try $0.markDelivered(to: .sample(1), upTo: 10, at: .start(2)) }.isEmpty)

            let enforced = try store.write { try $0.markEnforced(on: .sample(1), upTo: 20, at: .start(3)) }
            #expect(
                Set(enforced.map(\.holdID)) == ["a", "b"]
                    && enforced.allSatisfy { $0.enforcedAt == .start(3) && $0.deliveredAt == .start($0.holdID == "a" ? 1 : 3) })
            #expect(try store.write { try $0.markEnforced(on: .sample(1), upTo: 99, at: .start(4)) }.isEmpty)
            #expect(try store.read { try $0.openDeliveries(to: .sample(1)) }.isEmpty)
            #expect(try store.read { try $0.openDeliveries(to: .sample(2)) }.map(\.holdID) == ["a", "b"])
            #expect(try store.read { try $0.deliveries(ofHold: "a") }.map(\.imei) == [.sample(1), .sample(2)])
        }
    }

    /// Of a lock that was lifted before the terminal confirmed it, nobody can tell whether it was ever in force there: also when it was handed out, for
    /// the answer may have been lost, and what the terminal has stored since is newer.
    @Test(arguments: StoreKind.all) func aLockThatWasReleasedUnconfirmedIsNeitherOpenNorEnforced(kind: StoreKind) throws {
        try kind.withStore { store in
            let subject = try Self.onAccount(store)
            try store.write { writer in
                for (id, revision) in [("seen", Revision(10)), ("unseen", 20), ("standing", 30)] {
                    try writer.insertHold(.sample(id, on: subject, revision: revision))
                    try writer.insertDelivery(DeliveryRecord(holdID: id, imei: .sample(1), revision: revision))
                }
                _ = try writer.markDelivered(to: .sample(1), upTo: 10, at: .start(1))
                for id in ["seen", "unseen"] { try writer.releaseHold(id, at: .start(2), by: "senior-1") }
            }
            #expect(try store.read { try $0.openDeliveries(to: .sample(1)) }.map(\.holdID) == ["standing"])
            #expect(try store.write { try $0.markDelivered(to: .sample(1), upTo: 30, at: .start(3)) }.map(\.holdID) == ["standing"])
            #expect(try store.write { try $0.markEnforced(on: .sample(1), upTo: 30, at: .start(4)) }.map(\.holdID) == ["standing"])
            let seen = try store.read { try $0.deliveries(ofHold: "seen") }
            #expect(seen == [DeliveryRecord(holdID: "seen", imei: .sample(1), revision: 10, deliveredAt: .start(1))])
            let unseen = try store.read { try $0.deliveries(ofHold: "unseen") }
            #expect(unseen == [DeliveryRecord(holdID: "unseen", imei: .sample(1), revision: 20)])
            #expect(try store.read { try $0.openDeliveries(to: .sample(1)) }.isEmpty)
        }
    }
}
