import Agent
import AgentCore
import Modem
import Wire

extension FuzzTarget {
    /// What a modem says: `a` the bytes of an AT port, `c` the cell as ModemManager writes it, `j` the report of the process that asks it.
    static let modem = FuzzTarget(name: "modem") {
        { bytes in
            let (kind, rest) = kind(of: bytes)
            switch kind {
            case "c": if let cell = ManagedModem.cell(String(decoding: rest, as: UTF8.self), radio: .lte) { try located(cell) }
            case "j":
                // One that cannot be read is none.
                guard let report = try? JSON.decode(ModemReport.self, from: rest) else { return }
                try FuzzedTerminal.survives(report)
                try compares(report)
                if let cell = report.cell { try located(cell) }
            default: try answers(rest)
            }
        }
    }

    private static func answers(_ bytes: [UInt8]) throws {
        var reader = ATLines()
        let lines = reader.receive(bytes)
        reader = ATLines()
        let cut = pieces(of: bytes).flatMap { reader.receive($0) }
        try hold(lines == cut, "in pieces it is read otherwise: \(lines) and \(cut)")
        try hold(lines.allSatisfy { !$0.isEmpty && $0.utf8.count <= ATLines.longest }, "a line is empty, or longer than it may be")

        var answer = ATAnswer(to: "AT+CGSN")
        for line in lines { if answer.receive(line) { break } }
        var report = ModemReport(source: .port)
        report.imei = ATReading.imei(answer.lines)
        report.imsi = ATReading.imsi(answer.lines)
        report.iccid = ATReading.iccid(answer.lines)
        let network = ATReading.network(answer.lines)
        for registration in lines.compactMap(ATRegistration.init) {
            guard let cell = ATReading.cell(registration, network ?? ("655", "01")) else { continue }
            try hold(registration.isRegistered, "a modem that is not registered is in a cell: \(registration)")
            try located(cell)
            report.cell = cell
        }
        try FuzzedTerminal.survives(report)
        try compares(report)
    }

    private static func located(_ cell: Cell) throws {
        try hold(
            Cell(mcc: cell.mcc, mnc: cell.mnc, lac: cell.lac, tac: cell.tac, id: cell.id, radio: cell.radio) == cell, "it is no cell: \(cell)")
        var terminal = try FuzzedTerminal()
        try terminal.connect()
        try terminal.receive(.locationFailed(.noGPSD))
        try terminal.receive(.cellLocated(cell))
        try terminal.live()
    }

    /// The same modem a second time is no change.
    private static func compares(_ report: ModemReport) throws {
        var memory = ModemMemory(salt: [UInt8](repeating: 3, count: 16))
        _ = memory.take(report, own: FuzzNames.imei)
        try FuzzedTerminal.survives(memory)
        let before = memory
        let changes = memory.take(report, own: FuzzNames.imei)
        try hold(changes.isEmpty && memory == before, "a modem differs from itself: \(changes)")
    }
}
