import LockRules
import Store
import Testing
import Wire

@Suite struct LockFactsTests {
    /// A device of the table, by its number: what it is to the account `WALLET-1`.
    enum Seat: Sendable {
        case registered(Int64)
        case seated(Int64)
        case unseated
        case decommissioned(Int64)
        case elsewhere
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let seats: [Seat]
        /// Which device asks: a place in `seats`; beyond the end, one that is not known.
        let asking: Int
        let before: Int
    }

    static let cases: [Case] = [
        Case(testDescription: "alone", seats: [.registered(1)], asking: 0, before: 0),
        Case(testDescription: "registered earlier goes first", seats: [.registered(2), .registered(1)], asking: 0, before: 1),
        Case(testDescription: "registered later goes after", seats: [.registered(1), .registered(2)], asking: 0, before: 0),
        Case(testDescription: "same time: by IMEI, the lower", seats: [.registered(1), .registered(1)], asking: 0, before: 0),
        Case(testDescription: "same time: by IMEI, the higher", seats: [.registered(1), .registered(1)], asking: 1, before: 1),
        Case(testDescription: "registered before an earlier claimant", seats: [.seated(1), .registered(9)], asking: 1, before: 0),
        Case(testDescription: "a claimant after a later registered one", seats: [.seated(1), .registered(9)], asking: 0, before: 1),
        Case(testDescription: "claimants by the time of their seat", seats: [.seated(5), .seated(4), .seated(6)], asking: 0, before: 1),
        Case(testDescription: "unseated others do not count", seats: [.seated(5), .unseated, .unseated], asking: 0, before: 0),
        Case(testDescription: "unseated comes after all", seats: [.unseated, .seated(5), .registered(1), .unseated], asking: 0, before: 2),
        Case(testDescription: "unknown counts like unseated", seats: [.seated(5), .registered(1), .unseated], asking: 9, before: 2),
        Case(testDescription: "decommissioned others do not count", seats: [.decommissioned(1), .registered(2)], asking: 1, before: 0),
        Case(testDescription: "of another account", seats: [.elsewhere, .registered(2)], asking: 1, before: 0),
    ]

    @Test(arguments: StoreKind.all, cases) func countsTheDevicesBefore(kind: StoreKind, row: Case) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                try writer.insertAccount(.sample(2))
                for (number, seat) in row.seats.enumerated() {
                    var device: DeviceRecord
                    switch seat {
                    case .registered(let time): device = .sample(number, registeredTo: .sample(1), at: time)
                    case .seated(let time): device = .claimant(number, of: .sample(1), seatedAt: time)
                    case .unseated: device = .claimant(number, of: .sample(1), seatedAt: nil)
                    case .decommissioned(let time):
                        device = .sample(number, registeredTo: .sample(1), at: time)
                        device.isDecommissioned = true
                    case .elsewhere: device = .sample(number, registeredTo: .sample(2), at: 0)
                    }
                    try writer.insertDevice(device)
                }
            }
            let facts = try store.read { try $0.lockFacts(imei: .sample(row.asking), claiming: .sample(1)) }
            #expect(facts.devicesBefore == row.before)
            #expect(facts.account?.reference == .sample(1))
            // The list's order is the same as the count's.
            let listed = try store.read { try $0.devices(of: .sample(1)) }
            if let place = listed.firstIndex(where: { $0.imei == .sample(row.asking) }), facts.device?.registeredTo != nil {
                #expect(place == row.before)
            }
        }
    }

    @Test(arguments: StoreKind.all) func collectsHoldsChannelsAndRevisions(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                var account = AccountRecord.sample(1, channels: [.timpaPro, .mobi2], revision: 10)
                account.language = "zu"
                try writer.insertAccount(account)
                var device = DeviceRecord.sample(1, registeredTo: .sample(1))
                device.revision = 11
                try writer.insertDevice(device)
                try writer.insertHold(.sample("a", on: .account(.sample(1)), kind: .vendor))
                try writer.insertHold(.sample("b", on: .account(.sample(1)), kind: .staff))
                try writer.insertHold(.sample("c", on: .account(.sample(1)), kind: .vendor))
                try writer.insertHold(.sample("d", on: .device(.sample(1)), kind: .fraud))
                try writer.releaseHold("b", at: .start(1), by: "senior-1")
            }
            let facts = try store.read { try $0.lockFacts(imei: .sample(1), claiming: nil) }
            let expected = LockFacts(
                device: .init(registeredTo: .sample(1), holds: [.fraud], isDecommissioned: false, revision: 11), claimed: nil,
                account: .init(reference: .sample(1), lockedChannels: [.timpaPro, .mobi2], holds: [.vendor], revision: 10, language: "zu"),
                devicesBefore: 0)
            #expect(facts == expected)
        }
    }

    @Test(arguments: StoreKind.all) func theRegistrationGovernsAndNotTheClaim(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                try writer.insertAccount(.sample(2))
                try writer.insertDevice(.sample(1, registeredTo: .sample(1)))
            }
            let facts = try store.read { try $0.lockFacts(imei: .sample(1), claiming: .sample(2)) }
            #expect(facts.account?.reference == .sample(1))
            #expect(facts.claimed == .sample(2))
            let stranger = try store.read { try $0.lockFacts(imei: .sample(8), claiming: .sample(7)) }
            #expect(stranger == LockFacts(device: nil, claimed: .sample(7), account: nil, devicesBefore: 0))
        }
    }
}
