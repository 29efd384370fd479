import Modem
import Platform
import TestSupport
import Testing
import Wire

/// The AT port against a modem on a pseudo-terminal.
@Suite struct ATPortTests {
    private func report(_ modem: PTYModem, cell: Bool = true, within limit: Duration = .seconds(30)) throws -> ModemReport {
        try ATPort(modem.path, deadline: Uptime.now() + limit).report(cell: cell)
    }

    private static func behaviour(_ change: (inout PTYModem.Behaviour) -> Void) -> PTYModem.Behaviour {
        var behaviour = PTYModem.Behaviour()
        change(&behaviour)
        return behaviour
    }

    /// Each may send what it has to say in its own way: it is understood all the same.
    private static let manners: [(String, PTYModem.Behaviour)] = [
        ("plainly", behaviour { _ in }),
        ("a byte at a time", behaviour { $0.portion = 1 }),
        ("two bytes at a time", behaviour { $0.portion = 2 }),
        ("three bytes at a time", behaviour { $0.portion = 3 }),
        ("late", behaviour { $0.delay = .milliseconds(250) }),
        (
            "with calls between",
            behaviour { $0.unsolicited = ["RING", "+CLIP: \"490154203237518\",129", "+CREG: 5", "+CEREG: 2,,", "+CMTI: \"SM\",3"] }
        ),
        ("after noise", behaviour { $0.greeting = [0, 0xFF, 0x80, 0x1B] + Array("\r\n^SYSSTART\r\n\r\nRDY\r\n\u{7F}xyz".utf8) }),
        ("in quotes", behaviour { $0.form = { "\"\($0)\"" } }),
        ("behind its name", behaviour { $0.form = { "+CGSN: \"\($0)\"" } }),
        ("with a serial number", behaviour { $0.form = { "\($0),NL2A62Z0N5" } }),
    ]

    @Test(arguments: manners) func understandsAModemThatSpeaks(_ manner: String, _ behaviour: PTYModem.Behaviour) throws {
        let modem = try PTYModem(behaviour)
        let report = try report(modem)
        #expect(report.source == .port && report.imei?.description == "350000000000006", "\(manner): \(modem.commands)")
        #expect(report.iccid == "89270100001234567890" && report.imsi == "655011234567890", "\(manner)")
        #expect(report.cell == Cell(mcc: "655", mnc: "01", lac: nil, tac: 0x1F00, id: 0x79D903, radio: .lte), "\(manner)")
        #expect(report.troubles.isEmpty)
    }

    @Test func asksForNoCellUnlessItIsWanted() throws {
        let modem = try PTYModem()
        #expect(try report(modem, cell: false).cell == nil)
        #expect(!modem.commands.contains { $0.contains("COPS") || $0.contains("REG") })
    }

    @Test func saysThatThereIsNoSIM() throws {
        let report = try report(PTYModem(Self.behaviour { $0.iccid = nil }))
        #expect(report.imei != nil && report.iccid == nil && report.imsi == nil)
    }

    @Test func saysThatItIsNotRegistered() throws {
        let report = try report(PTYModem(Self.behaviour { $0.registration = "2,2" }))
        #expect(report.imei != nil && report.cell == nil && report.troubles.count == 1)
    }

    @Test(arguments: ["350000000000007", "000000000000000", "80A1B2C3", ""]) func believesNothingThatIsNoIMEI(_ said: String) throws {
        let report = try report(PTYModem(Self.behaviour { $0.imei = said }))
        #expect(report.imei == nil && report.troubles.count == 1)
    }

    @Test func givesUpAModemThatIsMute() throws {
        let modem = try PTYModem(Self.behaviour { $0.isMute = true })
        let error = #expect(throws: ModemError.self) { try report(modem, within: .seconds(2)) }
        #expect(error?.code == .failed && error?.description.contains("no modem answers") == true)
    }

    @Test(arguments: ["ATE0", "AT+CGSN", "AT+CIMI"]) func givesUpAModemThatIsPulled(_ command: String) throws {
        let modem = try PTYModem(Self.behaviour { $0.hangsUpAt = command })
        #expect(throws: ModemError.self) { try report(modem) }
    }

    @Test func opensNothingButATerminal() throws {
        let missing = #expect(throws: ModemError.self) { try ATPort("/dev/ttyNONE0", deadline: Uptime.now() + .seconds(2)) }
        #expect(missing?.code == .absent)
        for path in ["/dev/null", "/etc/hostname"] {
            let error = #expect(throws: ModemError.self) { try ATPort(path, deadline: Uptime.now() + .seconds(2)) }
            #expect(error?.code == .failed)
        }
    }
}
