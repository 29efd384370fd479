import Store
import Testing
import Wire

@Suite struct RequestTests {
    private static func sample(
        _ kind: RequestKind = .complaint, of account: Int? = 1, step: RequestStep = .investigation, lookAt: Timestamp? = nil, dueAt: Timestamp? = nil
    ) -> RequestRecord {
        RequestRecord(
            kind: kind, account: account.map { .sample($0) }, step: step, source: .phone, openedBy: "token:desk", openedAt: .start(1), dueAt: dueAt,
            lookAt: lookAt, closedAt: step == .closed ? .start(2) : nil)
    }

    private func expectFailure(_ code: StoreError.Code, _ work: () throws -> Void, at location: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: StoreError.self, sourceLocation: location) { try work() }
        #expect(error?.code == code, sourceLocation: location)
    }

    @Test(arguments: StoreKind.all) func keepsEveryFieldAndCountsFrom1001(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                try writer.insertDevice(.sample(1))
                try writer.insertNumberChange(.sample("c1"), evidence: [])
            }
            let whole = RequestRecord(
                kind: .linkedNumberChange, account: .sample(1), imei: .sample(1), step: .level2, round: 3, source: .email, openedBy: "user:nomsa",
                openedAt: .start(1), movedAt: .start(2), dueAt: .start(3), lookAt: .start(4), reminders: 2, hasNews: true, outcome: .cancelled,
                closedAt: .start(5), numberChange: "c1", details: [1, 0, 255])
            let bare = Self.sample(of: nil)
            var (first, second) = try store.write { (try $0.insertRequest(whole), try $0.insertRequest(bare)) }
            #expect(first.number == 1001 && second.number == 1002)
            #expect(try store.read { try $0.request(1001) } == first)
            #expect(try store.read { try $0.request(ofNumberChange: "c1") } == first)
            #expect(try store.read { (try $0.request(1002), try $0.request(7)) } == (second, nil))
            first.step = .closed
            first.outcome = nil
            first.dueAt = nil
            first.details = []
            second.account = .sample(1)
            try store.write { [first, second] writer in
                try writer.updateRequest(first)
                try writer.updateRequest(second)
            }
            #expect(try store.read { (try $0.request(1001), try $0.request(1002)) } == (first, second))
        }
    }

    @Test(arguments: StoreKind.all) func listsByEachCondition(kind: StoreKind) throws {
        try kind.withStore { store in
            let made = try store.write { writer -> [RequestRecord] in
                for number in 1...2 {
                    try writer.insertAccount(.sample(number))
                    try writer.insertDevice(.sample(number))
                }
                var device = Self.sample(.lockedDevice, of: 2, step: .found)
                device.imei = .sample(2)
                var news = Self.sample(.enquiry, of: nil, step: .sorting)
                news.hasNews = true
                return try [
                    Self.sample(dueAt: .start(5)), Self.sample(step: .closed), device, news, Self.sample(of: 2, dueAt: .start(9)),
                ].map(writer.insertRequest)
            }
            func list(_ filter: RequestFilter, before: Int64? = nil, limit: Int = 9) throws -> [Int] {
                try store.read { try $0.requests(filter, before: before, limit: limit) }.map { Int($0.number - made[0].number) }
            }
            #expect(try list(RequestFilter()) == [4, 3, 2, 1, 0])
            #expect(try list(RequestFilter(), before: made[3].number, limit: 2) == [2, 1])
            #expect(try list(RequestFilter(isOpen: true)) == [4, 3, 2, 0] && list(RequestFilter(isOpen: false)) == [1])
            #expect(try list(RequestFilter(isOpen: true), before: made[4].number, limit: 2) == [3, 2])
            #expect(try list(RequestFilter(kind: .complaint)) == [4, 1, 0] && list(RequestFilter(kind: .complaint, isOpen: true)) == [4, 0])
            #expect(try list(RequestFilter(account: .sample(2))) == [4, 2] && list(RequestFilter(account: .sample(2), isOpen: false)).isEmpty)
            #expect(try list(RequestFilter(imei: .sample(2))) == [2])
            #expect(try list(RequestFilter(step: .sorting)) == [3] && list(RequestFilter(step: .sorting, isOpen: true)) == [3])
            #expect(try list(RequestFilter(isOpen: true, dueBefore: .start(9))) == [0])
            #expect(try list(RequestFilter(hasNews: true)) == [3] && list(RequestFilter(hasNews: false)) == [4, 2, 1, 0])
            let counts = try store.read { try $0.requestCounts(now: .start(9)) }
            #expect(
                counts == [
                    RequestCount(kind: .complaint, step: .investigation, open: 2, overdue: 1),
                    RequestCount(kind: .enquiry, step: .sorting, open: 1, overdue: 0),
                    RequestCount(kind: .lockedDevice, step: .found, open: 1, overdue: 0),
                ])
        }
    }

    @Test(arguments: StoreKind.all) func givesTheDueOnesInTheirOrder(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                for second in [5, 3, 7] as [Int64] { _ = try writer.insertRequest(Self.sample(lookAt: .start(second))) }
                _ = try writer.insertRequest(Self.sample())
            }
            #expect(try store.read { try $0.dueRequests(now: .start(2), limit: 9) }.isEmpty)
            #expect(try store.read { try $0.dueRequests(now: .start(5), limit: 9) }.map(\.number) == [1002, 1001])
            #expect(try store.read { try $0.dueRequests(now: .start(9), limit: 2) }.map(\.number) == [1002, 1001])
        }
    }

    @Test(arguments: StoreKind.all) func keepsEntriesInTheirOrder(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                for _ in 1...2 { _ = try writer.insertRequest(Self.sample()) }
            }
            let entries = [("b", Role.senior), ("a", nil)].map { text, role in
                RequestEntryRecord(request: 1001, at: .start(2), actor: "x", role: role, action: "comment", step: .level2, text: text)
            }
            try store.write { writer in for entry in entries { try writer.appendEntry(entry) } }
            #expect(try store.read { (try $0.entries(ofRequest: 1001), try $0.entries(ofRequest: 1002)) } == (entries, []))
        }
    }

    @Test(arguments: StoreKind.all) func refusesWhatIsUnknown(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { try $0.insertAccount(.sample(1)) }
            var stray = Self.sample()
            stray.number = 9
            expectFailure(.notFound) { try store.write { [stray] in try $0.updateRequest(stray) } }
            expectFailure(.notFound) { _ = try store.write { try $0.insertRequest(Self.sample(of: 2)) } }
            expectFailure(.notFound) {
                try store.write {
                    try $0.appendEntry(
                        RequestEntryRecord(request: 9, at: .start(1), actor: "x", role: nil, action: "comment", step: .level1, text: "t"))
                }
            }
        }
    }

    @Test(arguments: StoreKind.all) func findsAccountsByTheirOwnersAddress(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                for number in 1...3 {
                    var account = AccountRecord.sample(number)
                    account.owner.email = number == 3 ? nil : "Nomsa@Shop.example"
                    try writer.insertAccount(account)
                }
            }
            #expect(try store.read { try $0.accounts(writtenFrom: "nomsa@shop.EXAMPLE") } == [.sample(1), .sample(2)])
            #expect(try store.read { try $0.accounts(writtenFrom: "other@shop.example") }.isEmpty)
        }
    }
}
