import Testing
import Wire

struct CellTests {
    @Test func isItsJSONBothWays() throws {
        let cell = try #require(Cell(mcc: "645", mnc: "01", lac: nil, tac: 7213, id: 11_642_115, radio: .lte))
        let json = #"{"id":11642115,"mcc":"645","mnc":"01","radio":"lte","tac":7213}"#
        #expect(String(decoding: JSON.encode(cell), as: UTF8.self) == json)
        #expect(try JSON.decode(Cell.self, from: Array(json.utf8)) == cell)
        #expect(cell.description == "645-01, tracking area 7213, cell 11642115 (lte)")
    }

    @Test func keepsACellOfARadioThatIsNewer() throws {
        let cell = try JSON.decode(Cell.self, from: Array(#"{"mcc":"645","mnc":"01","lac":5,"id":9,"radio":"6g"}"#.utf8))
        #expect(cell.radio == nil && cell.lac == 5)
    }

    @Test(arguments: [
        #"{"mcc":"64","mnc":"01","lac":5,"id":9}"#, #"{"mcc":"6450","mnc":"01","lac":5,"id":9}"#, #"{"mcc":"645","mnc":"1","lac":5,"id":9}"#,
        #"{"mcc":"6a5","mnc":"01","lac":5,"id":9}"#, #"{"mcc":"645","mnc":"01","id":9}"#, #"{"mcc":"645","mnc":"01","lac":0,"id":9}"#,
        #"{"mcc":"645","mnc":"01","lac":65534,"id":9}"#, #"{"mcc":"645","mnc":"01","tac":65535,"id":9}"#, #"{"mcc":"645","mnc":"01","lac":5,"id":0}"#,
        #"{"mcc":"645","mnc":"01","lac":5,"id":-1}"#, #"{"mcc":"645","mnc":"01","lac":5,"id":68719476736}"#, #"{"mcc":"645","mnc":"01","lac":5}"#,
        #"{"mcc":645,"mnc":1,"lac":5,"id":9}"#,
    ])
    func refusesWhatCanBeNone(_ json: String) {
        #expect(throws: JSONRefusal.self) { try JSON.decode(Cell.self, from: Array(json.utf8)) }
    }
}
