import Modem
import TestSupport
import Testing
import Wire

struct ATReadingTests {
    @Test(arguments: [
        ["350000000000006"], ["\"350000000000006\""], ["+CGSN: \"350000000000006\""], ["+CGSN:350000000000006"], ["350000000000006,NL2A62Z0N5"],
        ["  350000000000006  "], ["RING", "+CREG: 5", "350000000000006"], ["+CLIP: \"352099001761481\",129", "350000000000006"],
        ["^SYSSTART", "RDY", "350000000000006"], ["352099001761482", "350000000000006"],
    ])
    func findsTheIMEI(_ lines: [String]) { #expect(ATReading.imei(lines)?.description == "350000000000006") }

    @Test(arguments: [
        [], ["ERROR"], ["35000000000000"], ["3500000000000060"], ["350000000000007"], ["000000000000000"], ["80A1B2C3"], ["+CMGL: 350000000000006"],
        ["^IMEI: 350000000000006"], ["３５００００００００００００６"],
    ])
    func takesNothingElseForAnIMEI(_ lines: [String]) { #expect(ATReading.imei(lines) == nil) }

    @Test func findsTheSIM() {
        #expect(ATReading.imsi(["655011234567890"]) == "655011234567890")
        #expect(ATReading.imsi(["+CIMI: 655011234567890"]) == "655011234567890")
        #expect(ATReading.imsi(["+CME ERROR: 10"]) == nil)
        #expect(ATReading.imsi(["65501123456789012"]) == nil)
        for line in ["89270100001234567890", "+CCID: 89270100001234567890", "+ICCID: \"89270100001234567890\"", "+QCCID:89270100001234567890"] {
            #expect(ATReading.iccid([line]) == "89270100001234567890", "\(line)")
        }
        #expect(ATReading.iccid(["+CCID: 8927010000123456789F"]) == "8927010000123456789")
        #expect(ATReading.iccid(["+CCID: 12345678901234567890"]) == nil)
        #expect(ATReading.iccid(["+CMTI: 89270100001234567890"]) == nil)
    }

    @Test func findsTheNetwork() throws {
        let network = try #require(ATReading.network(["+CREG: 5", "+COPS: 0,2,\"65501\",7"]))
        #expect(network.mcc == "655" && network.mnc == "01")
        #expect(try #require(ATReading.network(["+COPS: 0,2,\"310410\""])).mnc == "410")
        for line in ["+COPS: 0", "+COPS: 0,0,\"Vodacom\",7", "+COPS: 0,2,\"6550\",7", "+COPS: 0,2,\"6550112\"", "+COPS: 0,2,", "OK"] {
            #expect(ATReading.network([line]) == nil, "\(line)")
        }
    }

    @Test func endsAnAnswerAtItsLastLineOnly() {
        for (line, end) in [
            ("OK", ATAnswer.End.ok), ("ERROR", .refused("ERROR")), ("+CME ERROR: 10", .refused("+CME ERROR: 10")),
            ("NO CARRIER", .refused("NO CARRIER")),
            ("+CMS ERROR: 500", .refused("+CMS ERROR: 500")), ("COMMAND NOT SUPPORT", .refused("COMMAND NOT SUPPORT")),
        ] {
            var answer = ATAnswer(to: "AT+CGSN")
            let endings = ["AT+CGSN", "OKAY", line].map { answer.receive($0) }
            #expect(endings == [false, false, true] && answer.end == end && answer.lines == ["OKAY"])
        }
        #expect(ATAnswer.End.refused("+CME ERROR: 10").saysNoSIM && ATAnswer.End.refused("+CME ERROR: SIM not inserted").saysNoSIM)
        #expect(!ATAnswer.End.refused("+CME ERROR: 11").saysNoSIM && !ATAnswer.End.ok.saysNoSIM)
    }

    /// Bytes of any kind do not end it, and take no more room than a line.
    @Test func survivesNoise() {
        var generator = SeededGenerator(seed: 7)
        var lines = ATLines()
        for _ in 0..<200 {
            let bytes = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for line in lines.receive(bytes) {
                #expect(line.utf8.count <= ATLines.longest && line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 9 })
                _ = (ATRegistration(line), ATReading.imei([line]), ATReading.network([line]), ATReading.iccid([line]))
            }
        }
        let endless = lines.receive([UInt8](repeating: UInt8(ascii: "x"), count: 100_000) + Array("\r\nOK\r\n".utf8))
        #expect(endless == ["OK"])
    }

    @Test func passesOverBytesThatAreNoText() {
        var lines = ATLines()
        let found = lines.receive([0, 0xFF, 0xFE] + Array("350000\u{0}000000006\r\r\n\n".utf8))
        #expect(found == ["350000000000006"])
    }
}
