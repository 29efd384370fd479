private import Platform
package import Wire

/// One look at this terminal's modem: ModemManager, else the AT port. It blocks, for some seconds at most.
package struct ModemLook: Sendable {
    /// The AT port, absent where there is none.
    package var port: String?
    /// The IMEI that this terminal goes by, to tell its modem from others.
    package var own: IMEI?
    package var wantsCell: Bool

    private static let patience = Duration.seconds(6)
    /// More, for a modem that has to find its cell first.
    private static let cellPatience = Duration.seconds(10)
    /// What both sources take together, at most.
    package static let longest = (patience + cellPatience) * 2

    package init(port: String?, own: IMEI?, wantsCell: Bool) {
        self.port = port
        self.own = own
        self.wantsCell = wantsCell
    }

    /// Never fails: what is not known is absent, and `troubles` says why.
    package func report() -> ModemReport {
        var troubles: [String] = []
        let limit = Self.patience + (wantsCell ? Self.cellPatience : .zero)
        var best: ModemReport?
        do throws(ModemError) {
            let report = try ModemManager(deadline: Uptime.now() + limit).report(preferring: own, cell: wantsCell)
            if report.imei != nil { return report }
            best = report
        } catch {
            troubles.append(error.description)
        }
        if let port {
            do throws(ModemError) {
                var report = try ATPort(port, deadline: Uptime.now() + limit).report(cell: wantsCell)
                report.troubles = troubles + (best?.troubles ?? []) + report.troubles
                if report.imei != nil || best == nil { return report }
            } catch {
                troubles.append(error.description)
            }
        }
        var report = best ?? ModemReport()
        report.troubles = troubles + report.troubles
        return report
    }
}
