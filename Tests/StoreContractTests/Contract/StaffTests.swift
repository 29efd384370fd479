import Store
import Testing
import Wire

extension UserRecord {
    static func sample(_ name: String, role: Role = .senior) -> UserRecord {
        UserRecord(name: name, role: role, password: "$scrypt$of \(name)", passwordState: .setup, createdAt: .start())
    }
}

extension StaffSessionRecord {
    static func sample(_ number: UInt8, of user: String, at milliseconds: Int64 = 0) -> StaffSessionRecord {
        StaffSessionRecord(
            tokenHash: [number], user: user, createdAt: .start(milliseconds), lastUsedAt: .start(milliseconds),
            expiresAt: .start(milliseconds + 1000))
    }
}

@Suite struct StaffTests {
    @Test(arguments: StoreKind.all) func aUserIsKeptWhole(kind: StoreKind) throws {
        try kind.withStore { store in
            for state in [UserRecord.PasswordState.setup, .spent, .own] {
                var user = UserRecord.sample(state.rawValue, role: .admin)
                try store.write { [user] in try $0.insertUser(user) }
                #expect(try store.read { try $0.user(state.rawValue) } == user)
                user.role = .callCentre
                user.password = "other"
                user.passwordState = state
                user.totpSecret = [1, 2, 3]
                user.totpConfirmedAt = .start(5)
                user.totpLastStep = 58_000_000
                user.disabledAt = .start(6)
                try store.write { [user] in try $0.updateUser(user) }
                #expect(try store.read { try $0.user(state.rawValue) } == user)
            }
            #expect(try store.read { try $0.users().map(\.name) } == ["own", "setup", "spent"])
            #expect(try store.read { try $0.user("nobody") } == nil)
            let twice = #expect(throws: StoreError.self) { try store.write { try $0.insertUser(.sample("own")) } }
            #expect(twice?.code == .exists)
            let absent = #expect(throws: StoreError.self) { try store.write { try $0.updateUser(.sample("nobody")) } }
            #expect(absent?.code == .notFound)
        }
    }

    @Test(arguments: StoreKind.all) func aSessionEndsOnce(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertUser(.sample("thandi"))
                try writer.insertUser(.sample("pieter"))
                for number in 1...3 { try writer.insertSession(.sample(UInt8(number), of: "thandi", at: Int64(number))) }
                try writer.insertSession(.sample(4, of: "pieter", at: 4))
            }
            #expect(try store.read { try $0.openSessions(of: "thandi") } == (1...3).map { .sample($0, of: "thandi", at: Int64($0)) })
            #expect(try store.read { try $0.openSessions(of: nil).map(\.tokenHash) } == [[1], [2], [3], [4]])
            try store.write { writer in
                try writer.updateLastUsed([[1]: .start(50), [2]: .start(60), [99]: .start(70)])
                try writer.endSession(hash: [2], at: .start(100))
                try writer.endSession(hash: [2], at: .start(900))
                try writer.updateLastUsed([[2]: .start(950)])
                #expect(try writer.openSessions(of: "thandi").map(\.tokenHash) == [[1], [3]], "a transaction sees what it did")
            }
            #expect(try store.read { try $0.openSessions(of: "thandi").map(\.lastUsedAt) } == [.start(50), .start(3)])
            // What keeps its first end is forgotten by it.
            try store.write { try $0.forgetSessions(endedBefore: .start(101)) }
            let gone = #expect(throws: StoreError.self) { try store.write { try $0.endSession(hash: [2], at: .start(100)) } }
            #expect(gone?.code == .notFound)
            #expect(try store.write { try $0.endSessions(of: "thandi", at: .start(200)) } == 2)
            #expect(try store.write { try $0.endSessions(of: "thandi", at: .start(200)) } == 0)
            #expect(try store.read { try $0.openSessions(of: nil).map(\.tokenHash) } == [[4]])
            #expect(try store.write { try $0.endSessions(of: nil, at: .start(200)) } == 1)
            #expect(try store.read { try $0.openSessions(of: nil) }.isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func aSessionIsSomebodys(kind: StoreKind) throws {
        try kind.withStore { store in
            let nobody = #expect(throws: StoreError.self) { try store.write { try $0.insertSession(.sample(1, of: "nobody")) } }
            #expect(nobody?.code == .notFound)
            try store.write { writer in
                try writer.insertUser(.sample("thandi"))
                try writer.insertSession(.sample(1, of: "thandi"))
            }
            let twice = #expect(throws: StoreError.self) { try store.write { try $0.insertSession(.sample(1, of: "thandi")) } }
            #expect(twice?.code == .exists)
        }
    }

    @Test(arguments: StoreKind.all) func failedSignInsAreCountedByName(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                for time in [1, 5, 5, 9] { try writer.insertFailedSignIn(nameHash: [1], at: .start(Int64(time))) }
                try writer.insertFailedSignIn(nameHash: [2], at: .start(7))
            }
            func times(_ hash: UInt8, since: Int64) throws -> [Timestamp] {
                try store.read { try $0.failedSignIns(nameHash: [hash], since: .start(since)) }
            }
            #expect(try times(1, since: 0) == [.start(1), .start(5), .start(5), .start(9)])
            #expect(try times(1, since: 5) == [.start(9)])
            try store.write { try $0.forgetFailedSignIns(until: .start(5)) }
            #expect(try times(1, since: 0) == [.start(9)])
            #expect(try times(2, since: 0) == [.start(7)])
            try store.write { try $0.removeFailedSignIns(nameHash: [1]) }
            #expect(try times(1, since: 0).isEmpty && times(2, since: 0).count == 1)
        }
    }
}
