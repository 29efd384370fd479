import Store
import Testing
import Wire

@Suite struct RevisionTests {
    @Test(arguments: StoreKind.all) func risesEvenWhenTheClockGoesBack(kind: StoreKind) throws {
        try kind.withStore { store in
            let start = Timestamp.start().unixMilliseconds
            let times: [Int64] = [0, 0, 5, -100_000, 4, 50, -1]
            let revisions = try times.map { time in try store.write { try $0.nextRevision(now: .start(time)) } }
            #expect(revisions == [start, start + 1, start + 5, start + 6, start + 7, start + 50, start + 51])
        }
    }

    @Test(arguments: StoreKind.all) func isAboveEveryRevisionInTheStore(kind: StoreKind) throws {
        try kind.withStore { store in
            let far = Timestamp.start().unixMilliseconds + 1_000_000
            try store.write { writer in
                try writer.insertAccount(.sample(1, revision: far))
                #expect(try writer.nextRevision(now: .start()) == far + 1)
                var device = DeviceRecord.sample(1)
                device.revision = far + 10
                try writer.insertDevice(device)
                #expect(try writer.nextRevision(now: .start()) == far + 11)
            }
        }
    }

    @Test(arguments: StoreKind.all) func aBodyThatThrowsLeavesNoRevisionTwice(kind: StoreKind) throws {
        try kind.withStore { store in
            struct Refused: Error {}
            let first = try store.write { try $0.nextRevision(now: .start()) }
            #expect(throws: Refused.self) {
                try store.write { writer in
                    _ = try writer.nextRevision(now: .start())
                    throw Refused()
                }
            }
            #expect(try store.write { try $0.nextRevision(now: .start()) } > first)
        }
    }

    @Test(arguments: StoreKind.all) func raisesAllAboveTheHighest(kind: StoreKind) throws {
        try kind.withStore { store in
            let now = Timestamp.start().unixMilliseconds
            try store.write { writer in
                for number in 1...3 { try writer.insertAccount(.sample(number, revision: now + Int64(number))) }
                try writer.insertDevice(.sample(1))
                try writer.raiseAllRevisions(now: .start())
            }
            let (accounts, devices) = try store.read {
                (try $0.accounts(matching: nil, after: nil, limit: 9), try $0.devices(after: nil, limit: 9))
            }
            #expect((accounts.map(\.revision) + devices.map(\.revision)).allSatisfy { $0 > now + 3 })
        }
    }
}
