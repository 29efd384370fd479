import Testing
import Wire

struct OfflineCodeTests {
    /// The standard's own example: 0794 has 5.
    @Test func theCheckDigitIsThatOfTheStandard() { #expect(OfflineCode.checkDigit(of: "0794".utf8) == 5) }

    @Test func aSingleWrongDigitIsNoCode() {
        let spoken = Array(OfflineCode.spoken("1284755224"))
        #expect(OfflineCode.read(String(spoken)) == "1284755224")
        for place in spoken.indices {
            for digit in "0123456789" where digit != spoken[place] {
                var wrong = spoken
                wrong[place] = digit
                #expect(OfflineCode.read(String(wrong)) == nil)
            }
        }
    }

    @Test(arguments: ["", "1", "1284755224", "1284 7552 24", "128475522412", "1284755224x", "-", "１２８４７５５２２４１"])
    func isNoCode(_ text: String) { #expect(OfflineCode.read(text) == nil) }

    @Test func spacesAndDashesDoNotCount() {
        let spoken = OfflineCode.spoken("0284755224")
        #expect(OfflineCode.read(" " + spoken.prefix(4) + "-" + spoken.dropFirst(4).prefix(4) + " " + spoken.dropFirst(8)) == "0284755224")
    }

    @Test func eachTerminalActionAndTimeHasItsOwnQuestion() throws {
        let questions = try ["490154203237518", "352099001761481"].flatMap { text in
            let imei = try IMEI(text)
            return OfflineCode.all(of: 3).map { $0.question(for: imei) }
        }
        #expect(questions.count == 2 * (72 + 73 + 1))
        #expect(Set(questions).count == questions.count)
        #expect(questions.allSatisfy { $0.count == 18 })
    }

    @Test func hoursAreThoseOfTheAction() {
        #expect(OfflineCode(counter: 0, action: .extend, hours: 0) == nil)
        #expect(OfflineCode(counter: 0, action: .extend, hours: 73) == nil)
        #expect(OfflineCode(counter: 0, action: .unlock, hours: 73) == nil)
        #expect(OfflineCode(counter: 0, action: .lock, hours: 1) == nil)
        #expect(OfflineCode(counter: -1, action: .lock, hours: 0) == nil)
    }
}
