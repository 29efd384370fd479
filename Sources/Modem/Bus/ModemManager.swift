package import Platform
package import Wire

/// Asks ModemManager, where it runs.
package struct ModemManager {
    private static let service = "org.freedesktop.ModemManager1"
    private static let root = "/org/freedesktop/ModemManager1"
    private static let simInterface = "org.freedesktop.ModemManager1.Sim"
    /// Between two looks for a cell that is not there yet: ModemManager asks the modem itself after the source was switched on.
    private static let pause = Duration.milliseconds(300)

    private let bus: SystemBus
    private let deadline: Uptime

    package init(deadline: Uptime) throws(ModemError) {
        bus = try SystemBus(deadline: deadline)
        self.deadline = deadline
    }

    /// - Parameters:
    ///   - own: the IMEI that this terminal goes by, to tell its modem from others.
    ///   - cell: also asks where it is.
    package func report(preferring own: IMEI?, cell: Bool) throws(ModemError) -> ModemReport {
        let objects = try bus.call(
            Self.service, Self.root, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", deadline: deadline)
        guard let modem = ManagedModem.chosen(ManagedModem.all(in: objects), preferring: own) else {
            throw ModemError(.absent, "ModemManager has no modem")
        }
        var report = ModemReport(source: .modemManager)
        report.imei = modem.imei
        if modem.imei == nil { report.troubles.append("ModemManager's modem does not say its IMEI (state \(modem.state))") }
        do throws(ModemError) {
            if let sim = modem.sim { try describe(sim, in: &report) }
        } catch {
            report.troubles.append(error.description)
        }
        guard cell else { return report }
        do throws(ModemError) {
            report.cell = try self.cell(of: modem)
        } catch {
            report.troubles.append(error.description)
        }
        return report
    }

    private func describe(_ sim: String, in report: inout ModemReport) throws(ModemError) {
        let properties = try bus.call(
            Self.service, sim, "org.freedesktop.DBus.Properties", "GetAll", [.text(Self.simInterface)], deadline: deadline
        ).members
        report.iccid = properties["SimIdentifier"]?.text.flatMap(ATReading.iccid)
        report.imsi = properties["Imsi"]?.text.flatMap { ATReading.imsi([$0]) }
    }

    private func cell(of modem: ManagedModem) throws(ModemError) -> Cell {
        guard let sources = modem.sources else { throw ModemError(.absent, "this modem does not tell its cell") }
        if sources & ManagedModem.cellSource == 0 {
            // It takes the whole set: what others have switched on stays.
            _ = try location(modem, "Setup", [.number(sources | ManagedModem.cellSource), .flag(modem.signalsLocation)])
        }
        while true {
            if let cell = Self.cell(in: try location(modem, "GetLocation"), radio: modem.radio) { return cell }
            guard Uptime.now() + Self.pause < deadline else { throw ModemError(.failed, "the modem is not registered in a cell") }
            Uptime.sleep(Self.pause)
        }
    }

    /// Both need a rule of polkit where the agent is not root.
    private func location(_ modem: ManagedModem, _ member: String, _ arguments: [BusValue] = []) throws(ModemError) -> BusValue {
        try bus.call(Self.service, modem.path, ManagedModem.location, member, arguments, deadline: deadline)
    }

    /// Of `a{uv}`, by source.
    private static func cell(in location: BusValue, radio: Cell.Radio?) -> Cell? {
        for case .group(let entry) in location.list where entry.count == 2 && entry[0].number == ManagedModem.cellSource {
            return entry[1].text.flatMap { ManagedModem.cell($0, radio: radio) }
        }
        return nil
    }
}
