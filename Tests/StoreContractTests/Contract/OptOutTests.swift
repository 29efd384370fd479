import Store
import Testing
import Wire

@Suite struct OptOutTests {
    @Test(arguments: StoreKind.all) func lastsUntilItIsTakenBack(kind: StoreKind) throws {
        try kind.withStore { store throws in
            func set(_ isOptedOut: Bool) throws { try store.write { try $0.setOptedOut("+27711234567", isOptedOut, at: .start()) } }
            func has(_ number: String = "+27711234567") throws -> Bool { try store.read { try $0.hasOptedOut(number) } }
            #expect(try !has())
            try set(true)
            try set(true)
            #expect(try has())
            #expect(try !has("+27711234568"))
            try set(false)
            try set(false)
            #expect(try !has())
        }
    }
}
