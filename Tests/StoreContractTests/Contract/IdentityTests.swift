import Store
import Testing
import Wire

@Suite struct IdentityTests {
    @Test(arguments: StoreKind.all) func keepsOneOfEachIdentityOfAnAccount(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { for number in 1...2 { try $0.insertAccount(.sample(number)) } }
            let user = IdentityRecord(account: .sample(1), identity: "ZA.1234", kind: .userID, since: .start(1))
            let previous = IdentityRecord(account: .sample(1), identity: "+27711234567", kind: .previous, since: .start(2), until: .start(9))
            let other = IdentityRecord(account: .sample(2), identity: "+27711234567", kind: .suspended, since: .start(3))
            try store.write { writer in
                for identity in [user, previous, other] { try writer.putIdentity(identity) }
            }
            #expect(try store.read { try $0.identities(of: .sample(1)) } == [previous, user])
            #expect(try store.read { try $0.identities(of: .sample(2)) } == [other])

            let replaced = IdentityRecord(account: .sample(1), identity: "+27711234567", kind: .suspended, since: .start(5))
            try store.write { writer in
                try writer.putIdentity(replaced)
                try writer.removeIdentity("ZA.1234", of: .sample(1))
                try writer.removeIdentity("+27711234567", of: .sample(3))
            }
            #expect(try store.read { try $0.identities(of: .sample(1)) } == [replaced])
            #expect(try store.read { try $0.identities(of: .sample(2)) } == [other])
        }
    }

    @Test(arguments: StoreKind.all) func refusesAnUnknownAccount(kind: StoreKind) throws {
        try kind.withStore { store in
            let error = #expect(throws: StoreError.self) {
                try store.write { try $0.putIdentity(IdentityRecord(account: .sample(1), identity: "ZA.1", kind: .userID, since: .start())) }
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test(arguments: StoreKind.all) func findsTheAccountsOfALinkedNumber(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                for number in [3, 1, 2] {
                    var account = AccountRecord.sample(number)
                    account.linkedNumber = number == 2 ? nil : "+27711234567"
                    try writer.insertAccount(account)
                }
            }
            #expect(try store.read { try $0.accounts(linkedTo: "+27711234567") } == [.sample(1), .sample(3)])
            #expect(try store.read { try $0.accounts(linkedTo: "+2771123456") }.isEmpty)
            try store.write { writer in
                var account = AccountRecord.sample(1)
                account.linkedNumber = "+27711234568"
                try writer.updateAccount(account)
            }
            #expect(try store.read { try $0.accounts(linkedTo: "+27711234567") } == [.sample(3)])
        }
    }
}
