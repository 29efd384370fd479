package import Wire

/// One modem among ModemManager's objects. Pure.
/// - Source: ModemManager 1.20 D-Bus reference, org.freedesktop.ModemManager1.Modem, .Modem3gpp, .Location
package struct ManagedModem: Sendable, Equatable {
    static let modem = "org.freedesktop.ModemManager1.Modem"
    static let cellular = "org.freedesktop.ModemManager1.Modem.Modem3gpp"
    static let location = "org.freedesktop.ModemManager1.Modem.Location"

    /// -1: failed.
    private static let failed: Int64 = -1
    /// The bit of a cell among the sources of a location.
    static let cellSource: Int64 = 1

    package let path: String
    package let imei: IMEI?
    package let state: Int64
    /// `nil`: it has none.
    package let sim: String?
    package let radio: Cell.Radio?
    /// The sources of a location that are switched on; `nil`: it cannot tell a cell.
    package let sources: Int64?
    package let signalsLocation: Bool

    /// All of them, from the answer of `GetManagedObjects`.
    package static func all(in objects: BusValue) -> [ManagedModem] {
        objects.members.compactMap { path, interfaces in
            let interfaces = interfaces.members
            return interfaces[modem].map { ManagedModem(path, $0.members, interfaces) }
        }
    }

    private init(_ path: String, _ modem: [String: BusValue], _ interfaces: [String: BusValue]) {
        self.path = path
        let names = [modem["EquipmentIdentifier"], interfaces[Self.cellular]?.members["Imei"]].compactMap { $0?.text }
        // An identifier that is none, of another network or of a modem that has failed, is as good as none.
        imei = names.lazy.compactMap { try? IMEI($0) }.first
        state = modem["State"]?.number ?? 0
        sim = modem["Sim"]?.text.flatMap { $0.isEmpty || $0 == "/" ? nil : $0 }
        radio = modem["AccessTechnologies"]?.number.flatMap(Self.radio)
        let location = interfaces[Self.location]?.members
        let tellsCell = (location?["Capabilities"]?.number ?? 0) & Self.cellSource != 0
        sources = tellsCell ? location?["Enabled"]?.number ?? 0 : nil
        signalsLocation = location?["SignalsLocation"] == .flag(true)
    }

    /// The terminal's own where that is known; else one that says its IMEI, rather working than failed.
    package static func chosen(_ modems: [ManagedModem], preferring own: IMEI?) -> ManagedModem? {
        func rank(_ modem: ManagedModem) -> (Int, Int64) {
            guard let imei = modem.imei else { return (0, modem.state) }
            return (imei == own ? 3 : modem.state == failed ? 1 : 2, modem.state)
        }
        // The path decides nothing but which of two equals: the same at each call.
        return modems.sorted { $0.path < $1.path }.max { rank($0) < rank($1) }
    }

    /// Of a location's key 1: `MCC,MNC,LAC,CI,TAC`, or without the last; areas and cell hexadecimal.
    package static func cell(_ text: String, radio: Cell.Radio?) -> Cell? {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard (4...5).contains(fields.count), let id = Int64(fields[3], radix: 16) else { return nil }
        return Cell(
            mcc: fields[0], mnc: fields[1], lac: Int(fields[2], radix: 16), tac: fields.count == 5 ? Int(fields[4], radix: 16) : nil, id: id,
            radio: radio)
    }

    /// The newest of those in use.
    /// - Source: ModemManager-enums.h, MMModemAccessTechnology
    private static func radio(_ technologies: Int64) -> Cell.Radio? {
        if technologies & 1 << 15 != 0 { return .nr }
        if technologies & (1 << 14 | 1 << 16 | 1 << 17) != 0 { return .lte }
        if technologies & 0x3E0 != 0 { return .umts }
        return technologies & 0x1E != 0 ? .gsm : nil
    }
}
