import Store
import Testing
import Wire

@Suite struct EnrolmentCodeTests {
    @Test(arguments: StoreKind.all) func aCodeIsUsedOnce(kind: StoreKind) throws {
        try kind.withStore { store in
            let hash = [UInt8](repeating: 7, count: 32)
            var code = EnrolmentCodeRecord(codeHash: hash, imei: .sample(1), expiresAt: .start(9))
            try store.write { [code] writer in
                try writer.insertDevice(.sample(1))
                try writer.insertEnrolmentCode(code)
            }
            #expect(try store.read { try $0.enrolmentCode(hash: hash) } == code)
            try store.write { try $0.markEnrolmentCodeUsed(hash: hash, at: .start(1)) }
            code.usedAt = .start(1)
            #expect(try store.read { try $0.enrolmentCode(hash: hash) } == code)
            let again = #expect(throws: StoreError.self) { try store.write { try $0.markEnrolmentCodeUsed(hash: hash, at: .start(2)) } }
            #expect(again?.code == .notFound)
            #expect(try store.read { try $0.enrolmentCode(hash: [1]) } == nil)
        }
    }

    /// Of many that try at once, one gets it.
    @Test(arguments: StoreKind.all) func aCodeIsUsedOnceByManyAtOnce(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertDevice(.sample(1))
                try writer.insertEnrolmentCode(EnrolmentCodeRecord(codeHash: [1], imei: .sample(1), expiresAt: .start(9)))
            }
            try together(16) { number in
                do {
                    try store.write { writer in
                        try writer.markEnrolmentCodeUsed(hash: [1], at: .start())
                        try writer.putSetting("winner-\(number)", [])
                    }
                } catch let error as StoreError where error.code == .notFound {}
            }
            let winners = try store.read { reader in try (0..<16).filter { try reader.setting("winner-\($0)") != nil } }
            #expect(winners.count == 1)
        }
    }
}
