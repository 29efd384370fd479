import Testing
import Wire

struct NameTests {
    @Test(arguments: [("12345678", "12345678"), ("abc-9", "ABC-9"), ("ABCDEFGHIJKLMNOPQRST", "ABCDEFGHIJKLMNOPQRST")])
    func aReferenceIsKeptInUpperCase(_ text: String, _ expected: String) throws {
        #expect(try AccountReference(text).text == expected)
    }

    @Test(arguments: ["", "123", "ABCDEFGHIJKLMNOPQRSTU", "12 345", "ÄBCD", "1234_5", "12345\u{0}"])
    func refusesOtherReferences(_ text: String) {
        #expect(throws: NameRefusal.self) { try AccountReference(text) }
    }

    @Test(arguments: ["", "Kaz-Android", "Kaz Android", "Käz", String(repeating: "K", count: 33)])
    func refusesOtherChannelCodes(_ text: String) {
        #expect(throws: NameRefusal.self) { try ChannelCode(text) }
    }

    @Test func spendingOperationsAreThoseOfTheContract() {
        #expect(
            Operation.spending.map(\.rawValue) == [
                "airtime_vend", "deposit_advance", "data_vend", "electricity_vend", "voucher_vend", "bill_payment", "money_transfer",
            ])
        #expect(Operation.allCases.count == 12)
    }

    @Test(arguments: [(0, 100, 100), (100, 50, 101), (100, 101, 101), (100, 100, 101)] as [(Int64, Int64, Int64)])
    func aRevisionRisesAlsoWhenTheClockStandsStillOrGoesBack(_ last: Int64, _ now: Int64, _ next: Int64) {
        #expect(Revision.following(last, unixMilliseconds: now) == next)
    }
}
