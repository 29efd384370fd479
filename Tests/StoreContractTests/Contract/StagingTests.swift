import Store
import Testing
import Wire

@Suite struct StagingTests {
    @Test(arguments: StoreKind.all) func takesReferencesAndIMEIsUntilTheyAreUnstaged(kind: StoreKind) throws {
        try kind.withStore { store in
            let second = StagedAccount(reference: .sample(2), devices: [.sample(1), .sample(2)], row: [1, 2])
            let first = StagedAccount(reference: .sample(1), devices: [], row: [])
            try store.write { writer in for account in [second, first] { try writer.stage(account) } }
            #expect(try store.read { try $0.stagedAccounts(limit: 9) } == [first, second])
            #expect(try store.read { try $0.stagedAccounts(limit: 1) } == [first])
            #expect(try store.read { try $0.stagedCount() } == 2)
            #expect(try store.read { try $0.isStaged(.sample(2) as AccountReference) && $0.isStaged(.sample(2) as IMEI) })
            #expect(try store.read { try !$0.isStaged(.sample(3) as AccountReference) && !$0.isStaged(.sample(3) as IMEI) })
            for again in [first, StagedAccount(reference: .sample(3), devices: [.sample(2)], row: [])] {
                let error = #expect(throws: StoreError.self) { try store.write { try $0.stage(again) } }
                #expect(error?.code == .exists)
            }
            try store.write { writer in for number in 2...3 { try writer.unstage(.sample(number)) } }
            #expect(try store.read { try $0.stagedAccounts(limit: 9) } == [first])
            #expect(try store.read { try !$0.isStaged(.sample(1) as IMEI) })
            #expect(try store.read { try $0.account(.sample(1)) } == nil, "what is staged is no account")
        }
    }

    @Test(arguments: StoreKind.all) func keepsWhichAccountsAreClosed(kind: StoreKind) throws {
        try kind.withStore { store in
            let closure = ClosureRecord(account: .sample(1), holdID: "h", closedAt: .start(5))
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                try writer.insertAccount(.sample(2))
                try writer.insertHold(.sample("h", on: .account(.sample(1))))
                try writer.insertClosure(closure)
            }
            #expect(try store.read { try $0.closure(of: .sample(1)) } == closure)
            #expect(try store.read { try $0.closure(of: .sample(2)) } == nil)
            #expect(try store.read { try $0.account(.sample(1))?.closedAt } == .start(5))
            #expect(try store.read { try $0.accounts(matching: nil, after: nil, limit: 9) }.map(\.closedAt) == [.start(5), nil])
            let twice = #expect(throws: StoreError.self) { try store.write { try $0.insertClosure(closure) } }
            #expect(twice?.code == .exists)
            try store.write { try $0.removeClosure(of: .sample(1)) }
            #expect(try store.read { try $0.account(.sample(1))?.closedAt } == nil)
            let open = #expect(throws: StoreError.self) { try store.write { try $0.removeClosure(of: .sample(1)) } }
            #expect(open?.code == .notFound)
        }
    }
}
