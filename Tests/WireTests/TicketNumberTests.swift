import Testing
import Wire

struct TicketNumberTests {
    @Test(arguments: [
        "VL-1042", "vl-1042", "Vl 1042", "VL1042", "VL\u{2013}1042", "VL \u{2014} 1042", "VL\u{A0}1042", "VL-01042", "  VL-1042\n",
        "VL-\u{661}\u{660}\u{664}\u{662}",
    ])
    func readsEveryWritingAsOne(_ text: String) throws {
        let ticket = try #require(TicketNumber(text))
        #expect(ticket.number == 1042)
        #expect(ticket.description == "VL-1042")
    }

    @Test(arguments: [
        "", "VL", "VL-", "1042", "VL-0", "VL--- -1042", "XVL-1042", "VL-1042x", "VL-1042 VL-1043", "VL\n1042", "VL-1.5", "VL-2026-11",
        "VL-1234567890123456",
        "VL-99999999999999999999999", "VL-\u{BD}", "VI-1042",
    ])
    func refusesWhatIsNotOne(_ text: String) {
        #expect(TicketNumber(text) == nil)
    }

    @Test(
        arguments: [
            ("Re: [VL-1042] two channels", [1042]), ("VL-7, vl 8 and VL9.", [7, 8, 9]), ("VL-7 VL-7 vl7", [7]), ("VL-VL-7", [7]),
            ("AVL-7 VL-8x VL-9", [9]),
            ("(VL-7)", [7]), ("VL-7-8 VL-9", [9]), ("VL-7 - 8", [7]), ("\u{FF36}\u{FF2C}-7", []), ("VL VL VL", []), ("das VL-7ä", []), ("ÄVL-7", []),
            ("VL-7\u{A0}8", [7]),
        ] as [(String, [Int64])])
    func findsThemInAText(_ text: String, _ numbers: [Int64]) {
        #expect(TicketNumber.found(in: text).map(\.number) == numbers)
    }

    @Test func isNeverBelowOne() {
        #expect(TicketNumber(number: 0) == nil)
        #expect(TicketNumber(number: -1) == nil)
        #expect(TicketNumber(number: 1)?.description == "VL-1")
    }

    @Test func isATextInJSON() throws {
        #expect(JSON.encode([try #require(TicketNumber(number: 1042))]) == Array(#"["VL-1042"]"#.utf8))
        #expect(try JSON.decode([TicketNumber].self, from: Array(#"["vl 1042"]"#.utf8)).map(\.number) == [1042])
        #expect(throws: JSONRefusal.self) { try JSON.decode([TicketNumber].self, from: Array("[1042]".utf8)) }
    }

    @Test func aLongTextIsReadInTime() {
        let text = String(repeating: "VL-", count: 300_000) + "7"
        #expect(TicketNumber.found(in: text).map(\.number) == [7])
    }
}
