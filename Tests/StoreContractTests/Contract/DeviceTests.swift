import Store
import Testing
import Wire

@Suite struct DeviceTests {
    @Test(arguments: StoreKind.all) func keepsEveryField(kind: StoreKind) throws {
        try kind.withStore { store in
            var device = DeviceRecord.sample(1, registeredTo: .sample(1), at: 9)
            device.model = "Timpa Pro"
            device.publicKey = Array(0..<32)
            device.enrolledChannel = .timpaPro
            device.agentVersion = "1.0"
            device.bootID = "b0"
            device.lastSeen = .start(3)
            device.revision = 5
            try store.write { [device] writer in
                try writer.insertAccount(.sample(1))
                try writer.insertDevice(device)
            }
            #expect(try store.read { try $0.device(.sample(1)) } == device)

            let changed = DeviceRecord(
                imei: .sample(1), claimed: .sample(1), seatedAt: .start(4), isDecommissioned: true, publicKey: [], revision: 6,
                createdAt: .start())
            try store.write { try $0.updateDevice(changed) }
            #expect(try store.read { try $0.device(.sample(1)) } == changed)
        }
    }

    @Test(arguments: StoreKind.all) func refusesAnIMEITwiceAndAnUnknownAccount(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { try $0.insertDevice(.sample(1)) }
            let twice = #expect(throws: StoreError.self) { try store.write { try $0.insertDevice(.sample(1)) } }
            #expect(twice?.code == .exists)
            let stray = #expect(throws: StoreError.self) { try store.write { try $0.insertDevice(.sample(2, registeredTo: .sample(9))) } }
            #expect(stray?.code == .notFound)
        }
    }

    @Test(arguments: StoreKind.all) func ordersRegisteredThenSeatedThenUnseated(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                try writer.insertDevice(.claimant(1, of: .sample(1), seatedAt: nil))
                try writer.insertDevice(.claimant(2, of: .sample(1), seatedAt: 30))
                try writer.insertDevice(.claimant(3, of: .sample(1), seatedAt: 20))
                try writer.insertDevice(.sample(4, registeredTo: .sample(1), at: 90))
                try writer.insertDevice(.sample(6, registeredTo: .sample(1), at: 80))
                try writer.insertDevice(.sample(5, registeredTo: .sample(1), at: 80))
                var gone = DeviceRecord.sample(7, registeredTo: .sample(1), at: 1)
                gone.isDecommissioned = true
                try writer.insertDevice(gone)
                try writer.insertDevice(.sample(8))
            }
            let found = try store.read { try $0.devices(of: .sample(1)) }
            #expect(found.map(\.imei) == [5, 6, 4, 3, 2, 1].map { .sample($0) })
            #expect(try store.read { try $0.devices(after: .sample(2), limit: 3) }.map(\.imei) == [3, 4, 5].map { .sample($0) })
            #expect(try store.read { try $0.devices(after: nil, limit: 2) }.map(\.imei) == [1, 2].map { .sample($0) })
        }
    }

    @Test(arguments: StoreKind.all) func setsLastSeenOfThoseThatAreKnown(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertDevice(.sample(1))
                try writer.insertDevice(.sample(2))
                try writer.updateLastSeen([.sample(1): .start(7), .sample(9): .start(8)])
            }
            let seen = try store.read { try $0.devices(after: nil, limit: 9) }.map(\.lastSeen)
            #expect(seen == [.start(7), nil])
        }
    }
}
