import Modem
import Testing
import Wire

struct ManagedModemTests {
    private static func modem(
        _ number: Int, imei: String, state: Int64 = 8, sim: String = "/org/freedesktop/ModemManager1/SIM/0", cellular: String? = nil
    ) -> BusValue {
        func object(_ members: [(String, BusValue)]) -> BusValue { .list(members.map { .group([.text($0), $1]) }) }
        return .group([
            .text("/org/freedesktop/ModemManager1/Modem/\(number)"),
            object([
                (
                    "org.freedesktop.ModemManager1.Modem",
                    object([
                        ("EquipmentIdentifier", .text(imei)), ("State", .number(state)), ("Sim", .text(sim)),
                        ("AccessTechnologies", .number(1 << 14)),
                    ])
                ),
                ("org.freedesktop.ModemManager1.Modem.Modem3gpp", object(cellular.map { [("Imei", .text($0))] } ?? [])),
            ]),
        ])
    }

    private static let own = "350000000000006"
    private static let other = "352099001761481"
    private static let third = "490154203237518"

    @Test(
        arguments: [
            ([modem(0, imei: own)], "own"), ([modem(0, imei: "", state: 2)], nil), ([modem(0, imei: "", state: 2, cellular: own)], own),
            ([modem(0, imei: other), modem(1, imei: own)], own), ([modem(1, imei: own, state: -1), modem(0, imei: other)], own),
            ([modem(4, imei: other, state: -1), modem(5, imei: third, state: 3)], third),
            ([modem(4, imei: "", state: 11), modem(5, imei: third)], third),
            ([modem(0, imei: other, state: -1)], other), ([modem(0, imei: "80A1B2C3", state: 8)], nil), ([modem(0, imei: "000000000000000")], nil),
            ([modem(7, imei: other), modem(8, imei: third)], other),
        ] as [([BusValue], String?)])
    func choosesTheTerminalsModem(_ objects: [BusValue], _ imei: String?) throws {
        for order in [objects, objects.reversed()] {
            let chosen = try #require(ManagedModem.chosen(ManagedModem.all(in: .list(order)), preferring: try IMEI(Self.own)))
            #expect(chosen.imei?.description == (imei == "own" ? Self.own : imei))
        }
    }

    @Test func findsNoneWhereThereIsNone() {
        #expect(ManagedModem.chosen(ManagedModem.all(in: .list([])), preferring: nil) == nil)
        let another = BusValue.list([.group([.text("/org/freedesktop/ModemManager1/SIM/0"), .list([])])])
        #expect(ManagedModem.all(in: another).isEmpty)
        #expect(ManagedModem.all(in: .text("no dictionary")).isEmpty)
    }

    @Test func hasNoSIMWhereThePathIsTheRoot() {
        #expect(ManagedModem.all(in: .list([Self.modem(0, imei: Self.own, sim: "/")]))[0].sim == nil)
        #expect(ManagedModem.all(in: .list([Self.modem(0, imei: Self.own)]))[0].sim == "/org/freedesktop/ModemManager1/SIM/0")
    }

    @Test(
        arguments: [
            ("645,01,FFFE,B1A503,1C2D", Cell(mcc: "645", mnc: "01", lac: nil, tac: 0x1C2D, id: 0xB1A503, radio: .lte)),
            ("645,01,123,B1A503,0", Cell(mcc: "645", mnc: "01", lac: 0x123, tac: nil, id: 0xB1A503, radio: .lte)),
            ("310,410,0,2,1C2D", Cell(mcc: "310", mnc: "410", lac: nil, tac: 0x1C2D, id: 2, radio: .lte)),
            ("655,01,84CD,D30173", Cell(mcc: "655", mnc: "01", lac: 0x84CD, tac: nil, id: 0xD30173, radio: .lte)),
            ("", nil), ("645,01,FFFE,B1A503", nil), ("645,1,123,B1A503,0", nil), ("0,0,0,0,0", nil), ("645,01,123,,0", nil), ("a,b,c,d,e", nil),
            ("645,01,123,FFFFFFFFFFFFFFFFFFFF,0", nil), ("645,01,123,B1A503,0,1", nil), ("645,01,-5,B1A503", nil),
        ] as [(String, Cell?)])
    func readsALocation(_ text: String, _ cell: Cell?) { #expect(ManagedModem.cell(text, radio: .lte) == cell) }
}
