import Glibc
import TestSupport
import Testing

/// `vendlock-agent modem`: the real program against a ModemManager, a port, both, and neither.
@Suite struct ModemCommandTests {
    private static let imei = "350000000000006"
    private static let other = "352099001761481"

    private func ask(_ words: [String], _ environment: [String: String] = noBus) throws -> (status: Int32, report: JSONValue, errors: String) {
        let result = try Programs.run(Programs.agent, ["modem", "--json"] + words, environment: environment)
        return (result.status, try JSONValue(Array(result.output.utf8)), result.errors)
    }

    /// Where no bus is, whatever the machine has that runs the tests.
    static let noBus = ["DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/bus"]

    @Test func asksModemManager() throws {
        let manager = try ModemManagerStandIn([.init()])
        let (status, report, errors) = try ask(["--port", "none"], manager.environment)
        #expect(status == 0 && errors.isEmpty, "\(errors)")
        #expect(report["source"].string == "modemmanager" && report["imei"].string == Self.imei)
        #expect(report["iccid"].string == "89270100001234567890" && report["imsi"].string == "655011234567890")
        #expect(!report.has("cell") && report["troubles"].array.isEmpty && manager.setups.isEmpty)
    }

    @Test func switchesTheCellOnWhereItIsOff() throws {
        let manager = try ModemManagerStandIn([.init(location: "645,01,FFFE,B1A503,1C2D", enabled: 4)])
        let (status, report, _) = try ask(["--port", "none", "--cell"], manager.environment)
        let cell = report["cell"]
        #expect(status == 0 && cell["mcc"].string == "645" && cell["mnc"].string == "01" && cell["tac"].integer == 0x1C2D, "\(report)")
        #expect(cell["id"].integer == 0xB1A503 && !cell.has("lac") && cell["radio"].string == "lte")
        #expect(manager.setups == ["Setup 5 False"], "what others have switched on stays on")
        #expect(try ask(["--port", "none", "--cell"], manager.environment).report["cell"].has("id"))
        #expect(manager.setups.count == 1)
    }

    @Test func saysWhyThereIsNoCell() throws {
        let forbidden = try ModemManagerStandIn([.init(location: "645,01,FFFE,B1A503,1C2D", forbidden: true)])
        let (status, report, _) = try ask(["--port", "none", "--cell"], forbidden.environment)
        #expect(status == 0 && report["imei"].string == Self.imei && !report.has("cell"))
        #expect(report["troubles"][0].string?.contains("AccessDenied") == true, "\(report)")
        let idle = try ModemManagerStandIn([.init()])
        #expect(try ask(["--port", "none", "--cell"], idle.environment).report["troubles"][0].string?.contains("not registered") == true)
    }

    @Test func choosesTheTerminalsOwnOfSeveral() throws {
        let manager = try ModemManagerStandIn([
            .init(path: 3, imei: Self.other), .init(path: 12, imei: Self.imei, state: 3), .init(path: 5, imei: "", state: 2),
        ])
        #expect(try ask(["--port", "none", "--imei", Self.imei], manager.environment).report["imei"].string == Self.imei)
        #expect(try ask(["--port", "none"], manager.environment).report["imei"].string == Self.other)
        try manager.say([.init(path: 13, imei: Self.other, state: -1, sim: nil), .init(path: 14, imei: "", state: 2)])
        let (status, report, _) = try ask(["--port", "none"], manager.environment)
        #expect(status == 0 && report["imei"].string == Self.other && !report.has("iccid") && !report.has("imsi"))
    }

    @Test func takesAPortWhereModemManagerHasNoIMEI() throws {
        let modem = try PTYModem()
        for modems in [[], [ModemManagerStandIn.Modem(imei: "", state: -1, sim: nil)]] {
            let manager = try ModemManagerStandIn(modems)
            let (status, report, errors) = try ask(["--port", modem.path, "--cell"], manager.environment)
            #expect(status == 0 && report["source"].string == "port" && report["imei"].string == Self.imei, "\(report) \(errors)")
            #expect(report["cell"]["id"].integer == 0x79D903)
        }
        let (status, report, _) = try ask(["--port", modem.path])
        #expect(status == 0 && report["source"].string == "port" && report["iccid"].string == "89270100001234567890")
    }

    @Test func saysWhatItHasTried() throws {
        let (status, report, _) = try ask(["--port", "/dev/ttyNONE0", "--cell"])
        #expect(status == 1 && !report.has("imei") && !report.has("cell"))
        #expect(report["troubles"].array.count == 2, "\(report)")
        let text = try Programs.run(Programs.agent, ["modem", "--port", "none"], environment: Self.noBus)
        #expect(text.status == 1 && text.output.hasPrefix("imei          unknown\n") && text.output.contains("trouble"))
    }

    /// A bus that takes the connection and says nothing.
    @Test func doesNotWaitForABusThatIsMute() throws {
        let directory = try TemporaryDirectory()
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = directory.file("bus")
        withUnsafeMutableBytes(of: &address.sun_path) { place in place.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        try #require(bound == 0 && listen(listener, 8) == 0)
        let modem = try PTYModem()
        let (status, report, _) = try ask(["--port", modem.path], ["DBUS_SYSTEM_BUS_ADDRESS": "unix:path=\(path)"])
        #expect(status == 0 && report["source"].string == "port", "\(report)")
        #expect(report["troubles"][0].string?.contains("does not answer") == true, "\(report)")
    }
}
