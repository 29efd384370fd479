package import Platform
private import Wire

/// Asks a modem at its AT port. It blocks, until a deadline.
package struct ATPort {
    /// For one command; a modem that searches a network answers late.
    private static let patience = Duration.seconds(3)
    /// For the first, which is repeated: a port that was just opened may lose some bytes.
    private static let wakePatience = Duration.milliseconds(700)
    /// Silence after which nothing more belongs to what was asked before.
    private static let quiet = Duration.milliseconds(100)

    private let port: SerialPort
    private let deadline: Uptime

    /// Opens the port and finds out whether a modem answers there.
    package init(_ path: String, deadline: Uptime) throws(ModemError) {
        do throws(SystemError) {
            port = try SerialPort(path)
        } catch {
            let hint = error.isPortBusy ? "; ModemManager may have it" : ""
            throw ModemError(error.isMissing ? .absent : .failed, "modem_port: \(error)\(hint)")
        }
        self.deadline = deadline
        while try ask("AT", within: Self.wakePatience, orNil: ()) == nil {
            guard Uptime.now() < deadline else { throw ModemError(.failed, "no modem answers at \(path)") }
        }
        _ = try ask("ATE0")
        _ = try ask("AT+CMEE=1")
    }

    package func report(cell: Bool) throws(ModemError) -> ModemReport {
        var report = ModemReport(source: .port)
        report.imei = try imei()
        if report.imei == nil { report.troubles.append("the modem at \(port.path) does not say its IMEI") }
        if cell {
            report.cell = try self.cell()
            if report.cell == nil { report.troubles.append("the modem at \(port.path) is not registered in a cell") }
        }
        try describeSIM(in: &report)
        return report
    }

    /// Asked again when noise spoiled the answer.
    private func imei() throws(ModemError) -> IMEI? {
        for command in ["AT+CGSN", "AT+CGSN", "AT+CGSN=1"] { if let imei = ATReading.imei(try ask(command).lines) { return imei } }
        return nil
    }

    private func cell() throws(ModemError) -> Cell? {
        _ = try ask("AT+COPS=3,2")
        guard let network = ATReading.network(try ask("AT+COPS?").lines) else { return nil }
        for command in [ATRegistration.Command.lte, .nr, .circuit, .packet] {
            // Without it the answer names no cell.
            guard try ask("AT+\(command.rawValue)=2").end == .ok else { continue }
            let answers = try ask("AT+\(command.rawValue)?").lines.compactMap(ATRegistration.init).filter { $0.command == command }
            for registration in answers { if let cell = ATReading.cell(registration, network) { return cell } }
        }
        return nil
    }

    private func describeSIM(in report: inout ModemReport) throws(ModemError) {
        let identity = try ask("AT+CIMI")
        if identity.end?.saysNoSIM == true { return }
        report.imsi = ATReading.imsi(identity.lines)
        for command in ["AT+CCID", "AT+ICCID", "AT+QCCID"] {
            report.iccid = ATReading.iccid(try ask(command).lines)
            if report.iccid != nil { return }
        }
    }

    // MARK: Asking

    /// A modem that does not answer in time is not asked anything more: the late answer would be taken for the next one's.
    private func ask(_ command: String) throws(ModemError) -> ATAnswer {
        guard let answer = try ask(command, within: Self.patience, orNil: ()) else {
            throw ModemError(.failed, "the modem at \(port.path) does not answer \(command)")
        }
        return answer
    }

    private func ask(_ command: String, within limit: Duration, orNil: Void) throws(ModemError) -> ATAnswer? {
        var answer = ATAnswer(to: command)
        var lines = ATLines()
        do throws(SystemError) {
            // What is late, or unsolicited: neither belongs to the answer.
            while try !port.read(deadline: Uptime.now() + Self.quiet).isEmpty { if deadline < Uptime.now() { return nil } }
            let limit = min(Uptime.now() + limit, deadline)
            try port.write(Array("\(command)\r".utf8), deadline: limit)
            while true {
                let bytes = try port.read(deadline: limit)
                guard !bytes.isEmpty else { return nil }
                for line in lines.receive(bytes) { if answer.receive(line) { return answer } }
            }
        } catch {
            throw ModemError(.failed, "modem_port: \(error)")
        }
    }
}
