import Store
import Testing
import Wire

@Suite struct AccountTests {
    @Test(arguments: StoreKind.all) func keepsEveryField(kind: StoreKind) throws {
        try kind.withStore { store in
            var account = AccountRecord.sample(1, channels: [.timpaPro, .mobi2], revision: 77)
            account.owner = .init(
                name: "Thandi", surname: "O'Brien \"Zoë\"", address: "12 Vilakazi St\nSoweto", id_number: "8001015009087",
                email: "t@example.org")
            account.lastChannel = .init(channel: .mobi2, imei: .sample(4), at: .start(5))
            try store.write { [account] in try $0.insertAccount(account) }
            #expect(try store.read { try $0.account(account.reference) } == account)

            var changed = account
            changed.owner = .init(name: "Sipho")
            changed.linkedNumber = nil
            changed.language = "zu"
            changed.lockedChannels = [.mobi2, .timpaPro]
            changed.lastChannel = nil
            changed.revision = 78
            try store.write { [changed] in try $0.updateAccount(changed) }
            #expect(try store.read { try $0.account(account.reference) } == changed)
        }
    }

    @Test(arguments: StoreKind.all) func refusesASecondAccountOfOneReference(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { try $0.insertAccount(.sample(1)) }
            let error = #expect(throws: StoreError.self) { try store.write { try $0.insertAccount(.sample(1)) } }
            #expect(error?.code == .exists)
        }
    }

    @Test(arguments: StoreKind.all) func refusesToUpdateWhatIsNotThere(kind: StoreKind) throws {
        try kind.withStore { store in
            let account = #expect(throws: StoreError.self) { try store.write { try $0.updateAccount(.sample(1)) } }
            #expect(account?.code == .notFound)
            let device = #expect(throws: StoreError.self) { try store.write { try $0.updateDevice(.sample(1)) } }
            #expect(device?.code == .notFound)
            let stored = try store.read { try $0.account(.sample(1)) }
            #expect(stored == nil)
        }
    }

    @Test(arguments: StoreKind.all) func pagesThroughAllInOrder(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in for number in 10..<60 { try writer.insertAccount(.sample(number)) } }
            var found: [AccountReference] = []
            while true {
                let last = found.last
                let page = try store.read { try $0.accounts(matching: nil, after: last, limit: 7) }
                if page.isEmpty { break }
                found += page.map(\.reference)
            }
            #expect(found == (10..<60).map { .sample($0) })
        }
    }

    @Test(
        arguments: StoreKind.all,
        [
            ("wallet-12", [12]), ("LET-1", [11, 12, 13, 14]), ("thandi", [11, 13, 14]), ("NDI MOK", [11, 13, 14]), ("zoë", [12]),
            ("ZOË", [12]),
            ("+27820001011", [11]), ("0001013", [13]), ("100%", [12]), ("%", [12]), ("_", [12]), ("1_", []), ("\\", [14]),
            ("", [11, 12, 13, 14]),
            ("356938030000138", [13]), ("35-693803-000014-6", [14]), ("35693803000015", [11]), ("nobody", []),
            ("'; DROP TABLE accounts; --", []),
        ] as [(String, [Int])])
    func finds(kind: StoreKind, search: (text: String, numbers: [Int])) throws {
        try kind.withStore { store in
            try store.write { writer in
                for number in 11...14 {
                    var account = AccountRecord.sample(number)
                    if number == 12 { account.owner = .init(name: "100% _", surname: "Zoë") }
                    if number == 14 { account.owner.address = "not searched" }
                    if number == 14 { account.owner.surname = "Mokoena\\Dlamini" }
                    try writer.insertAccount(account)
                    try writer.insertDevice(.sample(number, registeredTo: account.reference))
                }
                try writer.insertDevice(.claimant(15, of: .sample(11), seatedAt: nil))
            }
            let found = try store.read { try $0.accounts(matching: search.text, after: nil, limit: 10) }
            #expect(found.map(\.reference) == search.numbers.map { .sample($0) })
        }
    }
}
