import Store
import Testing
import Wire

@Suite struct TokenTests {
    @Test(arguments: StoreKind.all) func aTokenIsFoundByItsHashAndRevokedOnce(kind: StoreKind) throws {
        try kind.withStore { store in
            let tokens = Role.allCases.enumerated().map { number, role in
                TokenRecord(tokenHash: [UInt8(number)], name: "\(role)", role: role, createdAt: .start(Int64(number)))
            }
            try store.write { writer in for token in tokens { try writer.insertToken(token) } }
            #expect(try store.read { try $0.tokens() } == tokens)
            #expect(try store.read { try $0.token(hash: [2]) } == tokens[2])
            #expect(try store.read { try $0.token(hash: [99]) } == nil)
            let twice = #expect(throws: StoreError.self) { try store.write { try $0.insertToken(tokens[0]) } }
            #expect(twice?.code == .exists)

            try store.write { writer in
                try writer.revokeToken(hash: [2], at: .start(50))
                try writer.revokeToken(hash: [2], at: .start(60))
            }
            #expect(try store.read { try $0.token(hash: [2]) }?.revokedAt == .start(50))
            let absent = #expect(throws: StoreError.self) { try store.write { try $0.revokeToken(hash: [99], at: .start()) } }
            #expect(absent?.code == .notFound)
        }
    }
}
