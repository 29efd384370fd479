import Signing
import Testing
import Wire

struct OfflineCodeKeyTests {
    private static let bytes = [UInt8](1...32)

    private func key(_ bytes: [UInt8] = bytes, _ imei: String = "490154203237518") throws -> OfflineCodeKey {
        try #require(OfflineCodeKey(bytes, imei: IMEI(imei)))
    }

    @Test func findsWhatACodeSaysWithinTheWindow() throws {
        let key = try key()
        for action in OfflineCode.Action.allCases {
            let code = try #require(OfflineCode(counter: 11, action: action, hours: OfflineCode.hours(of: action).upperBound))
            let digits = try key.digits(of: code)
            for next in Int64(5)...13 {
                #expect(try key.code(of: digits, from: next) == ((7...11).contains(next) ? code : nil), "\(action) from \(next)")
            }
        }
    }

    @Test func aCodeServesNoOtherTerminalAndNoOtherKey() throws {
        let code = try #require(OfflineCode(counter: 11, action: .unlock, hours: 24))
        let digits = try key().digits(of: code)
        #expect(try key(Self.bytes, "352099001761481").code(of: digits, from: 11) == nil)
        #expect(try key([UInt8](2...33)).code(of: digits, from: 11) == nil)
    }

    @Test(arguments: [Int64.min, -1, .max - 4, .max]) func findsNothingWhereCountersEnd(next: Int64) throws {
        #expect(try key().code(of: "0123456789", from: next) == nil)
    }

    @Test(arguments: [0, 31, 33]) func refusesAKeyOfAnotherLength(count: Int) throws {
        #expect(try OfflineCodeKey([UInt8](repeating: 1, count: count), imei: IMEI("490154203237518")) == nil)
    }
}
