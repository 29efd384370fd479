package import Modem
internal import Platform
internal import Wire

/// This program once more, as `vendlock-agent modem --json`: it asks the modem, says what it heard, and ends.
///
/// A process of its own, because D-Bus, serial ports and what stands behind them may block for as long as they like, need libraries, and
/// say what somebody else has made up: none of that is for the one loop, the memory at rest, or the process that holds the terminal's key.
package struct ModemProgram: Sendable {
    /// Bytes; a report has about 300.
    static let longestReport = 16 * 1024
    /// A process that takes longer is ended.
    static let patience = ModemLook.longest + .seconds(3)
    private let path: String

    /// - Parameter path: of this program.
    package init(_ path: String) { self.path = path }

    func start(port: String?, own: IMEI?, cell: Bool) throws(SystemError) -> Helper {
        try Helper(path, ["modem", "--json", "--port", port ?? "none"] + (own.map { ["--imei", "\($0)"] } ?? []) + (cell ? ["--cell"] : []))
    }

    /// Waits for it: only for a start before the gate opens, when nobody knows who this terminal is.
    package func report(port: String?) -> ModemReport {
        var output: [UInt8] = []
        do throws(SystemError) {
            let helper = try start(port: port, own: nil, cell: false)
            let deadline = Uptime.now() + Self.patience
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case .bytes(let count) = try helper.output.read(into: &buffer, deadline: deadline), output.count <= Self.longestReport {
                output += buffer[..<count]
            }
        } catch {
            var report = ModemReport()
            report.troubles = ["the modem cannot be asked: \(error)"]
            return report
        }
        return Self.report(output)
    }

    static func report(_ output: [UInt8]) -> ModemReport {
        do throws(JSONRefusal) {
            return try JSON.decode(ModemReport.self, from: output)
        } catch {
            var report = ModemReport()
            report.troubles = ["the modem cannot be asked: its report is cut or none"]
            return report
        }
    }
}
