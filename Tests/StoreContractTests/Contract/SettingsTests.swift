import Store
import Testing
import Wire

@Suite struct SettingsTests {
    @Test(arguments: StoreKind.all) func keepsTheLastValue(kind: StoreKind) throws {
        try kind.withStore { store in
            #expect(try store.read { try $0.setting("key") } == nil)
            try store.write { try $0.putSetting("key", [0, 1, 255]) }
            try store.write { try $0.putSetting("empty", []) }
            #expect(try store.read { try $0.setting("key") } == [0, 1, 255])
            #expect(try store.read { try $0.setting("empty") } == [])
            try store.write { try $0.putSetting("key", [9]) }
            #expect(try store.read { try $0.setting("key") } == [9])
        }
    }

    @Test(arguments: StoreKind.all) func theCatalogueStartsWithTheContractsChannels(kind: StoreKind) throws {
        try kind.withStore { store in
            let codes = [
                "KazAndroid", "KazangAndroid2", "KazangMobi", "KazangMobi2", "KazangPOS", "KazangStore", "KazTimpaPro", "KazTimpaX",
            ]
            #expect(try store.read { try $0.channelCatalogue() }.map(\.text) == codes)
            let added = try ChannelCode("KazWatch")
            try store.write { try $0.insertChannel(added) }
            #expect(try store.read { try $0.channelCatalogue() }.last == added)
            let twice = #expect(throws: StoreError.self) { try store.write { try $0.insertChannel(added) } }
            #expect(twice?.code == .exists)
        }
    }

    @Test(arguments: StoreKind.all) func remembersAnIDUntilItExpires(kind: StoreKind) throws {
        try kind.withStore { store throws in
            func remember(_ id: String, until: Int64, now: Int64) throws -> Bool {
                try store.write { try $0.rememberOnce(id, expires: .start(until), now: .start(now)) }
            }
            #expect(try remember("a", until: 10, now: 0))
            #expect(try !remember("a", until: 10, now: 1))
            #expect(try !remember("a", until: 99, now: 9))
            #expect(try remember("b", until: 20, now: 9))
            #expect(try remember("a", until: 30, now: 10))
            #expect(try !remember("b", until: 20, now: 19))
        }
    }
}
