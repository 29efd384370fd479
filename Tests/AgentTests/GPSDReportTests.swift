import Agent
import AgentCore
import Testing
import Wire

struct GPSDReportTests {
    /// As gpsd 3.22 sends it for a receiver of plain NMEA.
    private static let whole =
        #"{"class":"TPV","device":"/dev/ttyUSB1","mode":3,"time":"2026-07-18T12:00:04.000Z","ept":0.005,"lat":-15.416626667,"lon":28.283333333,"altHAE":1293.0000,"altMSL":1274.3000,"alt":1274.3000,"epx":10.392,"epy":10.563,"epv":34.500,"track":84.4000,"magtrack":78.9383,"magvar":-5.5,"speed":0.062,"climb":0.000,"eps":21.13,"epc":2332.20,"geoidSep":18.700,"eph":20.900,"sep":36.100}"#
    private static let time = Timestamp("2026-07-18T12:00:04.000Z")!

    private static func tpv(_ fields: String) -> String { #"{"class":"TPV","device":"d","# + fields + "}" }
    private static let place = #""lat":-15.4,"lon":28.3"#
    private static let now = #""time":"2026-07-18T12:00:04.000Z""#

    private static func fix(_ accuracy: Double?, lat: Double = -15.4, lon: Double = 28.3) -> GPSDReport {
        .fix(Fix(lat: lat, lon: lon, accuracy: accuracy, at: time), device: "d")
    }

    private static let table: [(String, GPSDReport)] = [
        (whole, .fix(Fix(lat: -15.416626667, lon: 28.283333333, accuracy: 20.9, at: time), device: "/dev/ttyUSB1")),
        (tpv(#""mode":2,\#(now),\#(place),"eph":7"#), fix(7)), (tpv(#""mode":3,\#(now),\#(place)"#), fix(nil)),
        (tpv(#""mode":3,\#(now),\#(place),"epx":3.5,"epy":9.25"#), fix(9.25)), (tpv(#""mode":3,\#(now),\#(place),"epx":3.5"#), fix(nil)),
        (tpv(#""mode":3,\#(now),\#(place),"eph":4,"epx":30,"epy":30"#), fix(4)), (tpv(#""mode":3,\#(now),\#(place),"eph":0"#), fix(nil)),
        (tpv(#""mode":3,\#(now),\#(place),"eph":-3"#), fix(nil)), (tpv(#""mode":3,\#(now),"lat":-90,"lon":180,"eph":5"#), fix(5, lat: -90, lon: 180)),
        (tpv(#""mode":3,"status":2,\#(now),\#(place),"eph":1"#), fix(1)),
        // No fix, or one that cannot be believed.
        (tpv(#""mode":1"#), .noFix(device: "d")), (tpv(#""mode":0,\#(now),\#(place),"eph":7"#), .noFix(device: "d")),
        (tpv(#""mode":1,\#(now),\#(place),"eph":7"#), .noFix(device: "d")), (tpv(#"\#(now),\#(place)"#), .noFix(device: "d")),
        (tpv(#""mode":3,\#(place),"eph":7"#), .noFix(device: "d")), (tpv(#""mode":3,"time":"yesterday",\#(place)"#), .noFix(device: "d")),
        (tpv(#""mode":3,\#(now)"#), .noFix(device: "d")), (tpv(#""mode":3,\#(now),"lat":1"#), .noFix(device: "d")),
        (tpv(#""mode":3,\#(now),"lat":91,"lon":0"#), .noFix(device: "d")), (tpv(#""mode":3,\#(now),"lat":0,"lon":-180.5"#), .noFix(device: "d")),
        (tpv(#""mode":3,"status":8,\#(now),\#(place),"eph":1"#), .noFix(device: "d")), (#"{"class":"TPV","mode":1}"#, .noFix(device: "")),
        // Nothing to do with it.
        (#"{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}"#, .other),
        (#"{"class":"SKY","device":"d","mode":3,"lat":1,"lon":1,"time":"2026-07-18T12:00:04.000Z"}"#, .other),
        (#"{"class":"ERROR","message":"Unrecognized request '?BOGUS;'"}"#, .other), (String(whole.dropLast(40)), .other), ("", .other),
        ("{}", .other), ("[]", .other), ("null", .other), (tpv(#""mode":"3",\#(now),\#(place)"#), .other),
        (String(repeating: "[", count: 60_000), .other), ("$GPRMC,120000.00,V,,,,,,,180726,,,N*74", .other),
    ]

    @Test(arguments: table.indices) func reads(_ row: Int) {
        let (line, expected) = Self.table[row]
        #expect(GPSDReport(line: Array(line.utf8)) == expected, "\(line.prefix(200))")
    }

    @Test func readsNoTextThatIsNotUTF8() { #expect(GPSDReport(line: [0x7B, 0xFF, 0xFE, 0x7D]) == .other) }

    // MARK: Which is believed

    private static func at(_ seconds: Int64, _ device: String = "d") -> GPSDReport {
        .fix(Fix(lat: 1, lon: 2, accuracy: Double(seconds + 1), at: Timestamp(unixMilliseconds: seconds * 1000)), device: device)
    }

    /// After how many reports one is believed; `nil`: after none of them.
    private static let runs: [(String, [GPSDReport], Int?)] = [
        ("three in a row", [at(1), at(2), at(3)], 3), ("two", [at(1), at(2)], nil),
        ("other classes between", [at(1), .other, at(2), .other, at(3)], 5),
        ("lost in between", [at(1), at(2), .noFix(device: "d"), at(3), at(4)], nil),
        ("lost in between, found again", [at(1), .noFix(device: "d"), at(3), at(4), at(5)], 5),
        ("another loses it", [at(1), at(2), .noFix(device: "e"), at(3)], 4),
        ("several in each epoch", [at(1), at(1), at(1), at(2), at(2), at(3)], 6),
        ("the last position again and again", [at(1), at(1), at(1), at(1), at(1), at(1)], nil),
        ("time goes back", [at(5), at(6), at(1), at(2), at(3)], 5), ("two receivers in turn", [at(1), at(1, "e"), at(2), at(2, "e"), at(3)], 5),
        ("each another receiver", (0..<20).map { at($0, "d\($0)") }, nil),
    ]

    @Test(arguments: runs.indices) func believesTheThirdInARow(_ row: Int) {
        let (what, reports, expected) = Self.runs[row]
        var search = GPSDSearch()
        var believed: Int?
        for (place, report) in reports.enumerated() {
            guard let fix = search.receive(report) else { continue }
            believed = place + 1
            guard case .fix(fix, _) = report else {
                Issue.record("\(what): \(fix) is not the report's")
                return
            }
            break
        }
        #expect(believed == expected, "\(what)")
    }

    // MARK: Lines

    @Test(arguments: [1, 2, 7, 1000]) func cutsLinesHoweverTheyCome(_ portion: Int) {
        let bytes = Array("one\r\ntwo\n\r\n\nthree\r\nfo".utf8)
        var lines = GPSDLines()
        var found: [String] = []
        for start in stride(from: 0, to: bytes.count, by: portion) {
            found += lines.receive(bytes[start..<min(bytes.count, start + portion)]).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(found == ["one", "two", "three"])
        #expect(lines.receive(Array("ur\n".utf8)).map { String(decoding: $0, as: UTF8.self) } == ["four"])
    }

    @Test func passesOverALineWithoutEnd() {
        var lines = GPSDLines()
        #expect(lines.receive([UInt8](repeating: 65, count: GPSDLines.longest)).isEmpty)
        for _ in 1...10 { #expect(lines.receive([UInt8](repeating: 65, count: 100_000)).isEmpty) }
        #expect(lines.receive(Array("\nnext\n".utf8)) == [Array("next".utf8)])
        let longest = [UInt8](repeating: 66, count: GPSDLines.longest)
        #expect(lines.receive(longest + [10]) == [longest])
        #expect(lines.receive(longest + [66, 10] + Array("x\n".utf8)) == [Array("x".utf8)])
    }

    // MARK: The configuration

    @Test(
        arguments: [
            ("127.0.0.1:2947", "127.0.0.1:2947"), ("[::1]:2947", "[::1]:2947"), ("10.0.0.1:1", "10.0.0.1:1"), ("localhost:2947", nil),
            ("127.0.0.1", nil),
            ("127.0.0.1:", nil), ("127.0.0.1:0", nil), ("127.0.0.1:65536", nil), ("::1:2947", nil), ("[::1]", nil), ("256.0.0.1:2947", nil),
            ("1.2.3:2947", nil), ("[gpsd.example]:2947", nil), ("", nil), (":2947", nil), ("+1.2.3.4:2947", nil),
        ] as [(String, String?)])
    func takesANumericAddressAndAPort(_ text: String, _ expected: String?) { #expect(GPSDAddress(text)?.description == expected) }
}
