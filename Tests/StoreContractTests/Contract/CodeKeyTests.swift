import Store
import Testing
import Wire

@Suite struct CodeKeyTests {
    @Test(arguments: StoreKind.all) func aTerminalHasOneKeyAndTheNewestCounts(kind: StoreKind) throws {
        try kind.withStore { store in
            var key = CodeKeyRecord(
                imei: .sample(1), key: [UInt8](repeating: 7, count: 32), nextIssued: 4, nextUsed: 2, voidBelow: 3,
                extendedUntil: .init(unixMilliseconds: 5), unusedHours: 6)
            try store.write { [key] writer in
                try writer.insertDevice(.sample(1))
                try writer.putCodeKey(key)
            }
            #expect(try store.read { try $0.codeKey(of: .sample(1)) } == key)
            #expect(try store.read { try $0.codeKey(of: .sample(2)) } == nil)
            key.key[0] = 8
            key.nextUsed = 5
            try store.write { [key] in try $0.putCodeKey(key) }
            #expect(try store.read { try $0.codeKey(of: .sample(1)) } == key)
        }
    }
}
