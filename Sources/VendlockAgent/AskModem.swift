import Agent
import Modem
import Platform
import Wire

/// `vendlock-agent modem`: what the modem says of itself. The daemon calls it with `--json`.
enum AskModem {
    static func perform(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect(words: 0, "")
        let own = try arguments.value("imei").map { text throws(CommandLineError) in
            do throws(IMEI.Refusal) { return try IMEI(text) } catch { throw CommandLineError("--imei \(text): \(error)") }
        }
        let look = ModemLook(port: try port(arguments), own: own, wantsCell: arguments.has("cell"))
        let report = look.report()
        print(arguments.has("json") ? String(decoding: JSON.encode(report), as: UTF8.self) : lines(report, wantsCell: look.wantsCell))
        return report.imei == nil ? Command.Status.refused : Command.Status.done
    }

    /// Named, else of the configuration.
    private static func port(_ arguments: Arguments) throws -> String? {
        guard let port = arguments.value("port") else { return try arguments.config().config.modemPort }
        return port == "none" ? nil : port
    }

    private static func lines(_ report: ModemReport, wantsCell: Bool) -> String {
        var lines = ["imei          \(report.imei?.description ?? "unknown")"]
        if let source = report.source { lines.append("asked of      \(source == .port ? "the AT port" : "ModemManager")") }
        lines.append("SIM card      \((report.iccid ?? report.imsi).map { "ends in \($0.suffix(4))" } ?? "none that can be read")")
        if wantsCell { lines.append("cell          \(report.cell?.description ?? "unknown")") }
        return (lines + report.troubles.map { "trouble       \($0)" }).joined(separator: "\n")
    }
}
