import Testing
import Wire

struct IMEITests {
    @Test(arguments: [
        ("352099001761481", "352099001761481"), ("35-209900-176148-1", "352099001761481"), ("35 209900/176148.1", "352099001761481"),
        ("35209900176148", "352099001761481"), ("3520990017614823", "352099001761481"), ("350000000000006", "350000000000006"),
        ("490154203237518", "490154203237518"), ("004401234567895", "004401234567895"), ("010000000000008", "010000000000008"),
    ])
    func readsEveryFormAsFifteenDigits(_ text: String, _ expected: String) throws {
        #expect(try IMEI(text).description == expected)
    }

    @Test(arguments: [
        ("352099001761482", IMEI.Refusal.wrongCheckDigit(expected: 1)), ("000000000000000", .allZeros), ("00000000000000", .allZeros),
        ("3520990017614", .wrongLength(13)), ("", .wrongLength(0)), ("35209900176148x", .notDigits), ("３52099001761481", .notDigits),
    ])
    func refusesWhatIsNotOne(_ text: String, _ refusal: IMEI.Refusal) {
        #expect(throws: refusal) { try IMEI(text) }
    }

    @Test func seventeenDigitsAreATypingMistake() {
        #expect(throws: IMEI.Refusal.wrongLength(17)) { try IMEI("35209900176148123") }
    }

    @Test func twoAreTheSameDeviceWhenFourteenDigitsAgree() throws {
        #expect(try IMEI("3520990017614801") == IMEI("352099001761481"))
        #expect(try IMEI("352099001761481") != IMEI("350000000000006"))
    }

    @Test func isATextInJSON() throws {
        #expect(JSON.encode([try IMEI("004401234567895")]) == Array(#"["004401234567895"]"#.utf8))
        #expect(throws: JSONRefusal.self) { try JSON.decode([IMEI].self, from: Array("[352099001761481]".utf8)) }
    }
}
