import Modem
import Testing
import Wire

/// Lines of real modems.
/// - Source: ModemManager's src/tests/test-modem-helpers.c
struct ATRegistrationTests {
    private struct Row: Sendable, CustomTestStringConvertible {
        let line: String
        let status: Int
        var area: Int?
        var cell: Int64?
        var technology: Int?
        var testDescription: String { line }
    }

    private static let rows: [Row] = [
        Row(line: "+CREG: 1,3", status: 3),
        Row(line: "+CREG: 3", status: 3),
        Row(line: "+CREG: 1,1,84CD,00D30173", status: 1, area: 0x84CD, cell: 0xD30173),
        Row(line: "+CREG: 2,1,\"CE00\",\"01CEAD8F\"", status: 1, area: 0xCE00, cell: 0x1CEAD8F),
        Row(line: "+CREG: 2,0,00,0", status: 0, area: 0, cell: 0),
        Row(line: "+CREG: 2,,", status: 2),
        Row(line: "+CREG:002,001,\"18d8\",\"ffff\"", status: 1, area: 0x18D8, cell: 0xFFFF),
        Row(line: "+CREG:2,1,0001,0010", status: 1, area: 1, cell: 0x10),
        Row(line: "+CREG: 2,6,\"8B37\",\"0A265185\",7", status: 6, area: 0x8B37, cell: 0xA265185, technology: 7),
        Row(line: "+CREG: 6,\"8B37\",\"0A265185\",7", status: 6, area: 0x8B37, cell: 0xA265185, technology: 7),
        Row(line: "+CGREG: 2,1,\"8BE3\",\"00002B5D\",3", status: 1, area: 0x8BE3, cell: 0x2B5D, technology: 3),
        Row(line: "+CGREG: 2,1, 81ED, 1A9CEB", status: 1, area: 0x81ED, cell: 0x1A9CEB),
        Row(line: "+CREG: 2,1,000B,2816, B, C2816", status: 1, area: 0xB, cell: 0x2816),
        Row(line: "+CREG: 2,1, 0 5, 2715", status: 1, area: 0, cell: 0x2715),
        Row(line: "+CGREG: 1,\"1422\",\"00000142\",3,\"00\"", status: 1, area: 0x1422, cell: 0x142, technology: 3),
        Row(line: "+CEREG: 2,1, 1F00, 79D903 ,7", status: 1, area: 0x1F00, cell: 0x79D903, technology: 7),
        Row(line: "+CEREG: 2,1, 1F00, 20 ,79D903 ,7", status: 1, area: 0x1F00, cell: 0x79D903, technology: 7),
        Row(line: "+C5GREG: 2,1,1F00,79D903,11,6,ABCDEF", status: 1, area: 0x1F00, cell: 0x79D903, technology: 11),
        Row(line: "+CREG: 5", status: 5),
        Row(line: "+CGREG: 0", status: 0),
        Row(line: "+CREG:002,001", status: 1),
        Row(line: "+CREG: 11,\"33FE\",\"a3fb477\"", status: 11, area: 0x33FE, cell: 0xA3FB477),
        // Of 3GPP TS 27.007: a cause of refusal behind; power saving behind; an unsolicited line without quotes.
        Row(line: "+CEREG: 3,1,\"1F00\",\"0079D903\",7,,", status: 1, area: 0x1F00, cell: 0x79D903, technology: 7),
        Row(line: "+CEREG: 4,5,\"1F00\",\"0079D903\",9,,,\"00001010\",\"10100101\"", status: 5, area: 0x1F00, cell: 0x79D903, technology: 9),
        Row(line: "+CREG: 1,0012,00D30173,7", status: 1, area: 0x12, cell: 0xD30173, technology: 7),
    ]

    @Test(arguments: rows) private func readsWhatRealModemsSend(_ row: Row) throws {
        let found = try #require(ATRegistration(row.line))
        #expect(found.status == row.status && found.area == row.area && found.cell == row.cell && found.technology == row.technology, "\(found)")
        // As it comes from the port, in portions of every size.
        for size in 1...7 {
            var lines = ATLines()
            var read: [String] = []
            let bytes = Array("\r\n\(row.line)\r\n".utf8)
            for start in stride(from: 0, to: bytes.count, by: size) { read += lines.receive(bytes[start..<min(start + size, bytes.count)]) }
            #expect(read.map(ATRegistration.init) == [found])
        }
    }

    @Test func readsTwoThatCameAtOnce() {
        var lines = ATLines()
        let found = lines.receive(Array("\r\n+CREG: 5\r\n\r\n+CGREG: 0\r\n".utf8)).compactMap(ATRegistration.init)
        #expect(found.map(\.command) == [.circuit, .packet] && found.map(\.status) == [5, 0])
    }

    @Test(arguments: [
        "", "OK", "+CREG", "+CREG:", "+CREG: ", "+CREG: ,", "+CREG: x", "+CREG: -1", "+CREG: \"1\"", "+CREG: 1000", "CREG: 1", "+COPS: 0",
        "+CSQ: 1,3",
        "AT+CREG?", "+CREG: 99999999999999999999", ":", "+:",
    ])
    func takesNothingElse(_ line: String) { #expect(ATRegistration(line) == nil) }

    @Test(
        arguments: [
            ("+CREG: 2,1,\"1234567890\",\"FFFFFFFFFFFFFFFFFFFF\",7", 0, 0), ("+CREG: 2,1,\"-1\",\"-2\"", 0, 0), ("+CREG: 2,1,\"G000\",\"+1\"", 0, 0),
        ] as [(String, Int, Int64)])
    func makesNoNumberOfGarbage(_ line: String, _ area: Int, _ cell: Int64) throws {
        let found = try #require(ATRegistration(line))
        #expect(found.status == 1 && found.area == area && found.cell == cell)
    }

    private static let network = (mcc: "655", mnc: "01")

    @Test(
        arguments: [
            ("+CEREG: 2,1, 1F00, 79D903 ,7", Cell(mcc: "655", mnc: "01", lac: nil, tac: 0x1F00, id: 0x79D903, radio: .lte)),
            ("+CREG: 2,5,\"CE00\",\"01CEAD8F\",2", Cell(mcc: "655", mnc: "01", lac: 0xCE00, tac: nil, id: 0x1CEAD8F, radio: .umts)),
            ("+CREG: 2,1,\"CE00\",\"01CEAD8F\"", Cell(mcc: "655", mnc: "01", lac: 0xCE00, tac: nil, id: 0x1CEAD8F)),
            ("+C5GREG: 2,1,1F00,79D903,11,6,ABCDEF", Cell(mcc: "655", mnc: "01", lac: nil, tac: 0x1F00, id: 0x79D903, radio: .nr)),
            ("+CREG: 2,0,00,0", nil), ("+CREG: 2,2,\"CE00\",\"01CEAD8F\"", nil), ("+CREG: 2,3,\"CE00\",\"01CEAD8F\"", nil),
            ("+CREG: 2,1", nil), ("+CREG: 2,1,\"FFFE\",\"01CEAD8F\"", nil), ("+CREG: 2,1,\"CE00\",\"0\"", nil), ("+CREG: 2,1, 0 5, 2715", nil),
        ] as [(String, Cell?)])
    func makesACellOfARegistration(_ line: String, _ cell: Cell?) throws {
        #expect(ATReading.cell(try #require(ATRegistration(line)), Self.network) == cell)
    }
}
