import Testing

@testable import BackOffice

@Suite struct CSVTests {
    private func records(_ text: String) throws -> [[String]] { try records(Array(text.utf8)).map(\.cells) }

    private func records(_ bytes: [UInt8]) throws -> [CSVReader.Record] {
        var reader = CSVReader(bytes)
        var found: [CSVReader.Record] = []
        while let record = try reader.next() { found.append(record) }
        return found
    }

    /// Section 2 of RFC 4180, point by point, then what spreadsheets and people write.
    private static let texts: [(String, [[String]])] = [
        ("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("aaa,bbb,ccc\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", [["aaa", "b\r\nbb", "ccc"], ["zzz", "yyy", "xxx"]]),
        ("\"aaa\",\"b\"\"bb\",\"c,c\"", [["aaa", "b\"bb", "c,c"]]),
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]), ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]), ("a,b\n\n\r\nc,d", [["a", "b"], ["c", "d"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]), ("a\tb\n1;2\t3\n", [["a", "b"], ["1;2", "3"]]),
        ("\"x;y;z\",b\n1,2", [["x;y;z", "b"], ["1", "2"]]),
        ("a,b,\n,,\n", [["a", "b", ""], ["", "", ""]]), (" a , b ", [[" a ", " b "]]), ("\"\",x", [["", "x"]]),
        ("5\" pipe,x", [["5\" pipe", "x"]]), ("", []), ("\n\r\n", []), ("a", [["a"]]), ("sê,日本", [["sê", "日本"]]),
    ]

    @Test(arguments: texts) func readsWhatRFC4180AndSpreadsheetsWrite(_ text: String, _ cells: [[String]]) throws {
        #expect(try records(text) == cells)
        #expect(try records("\u{FEFF}" + text) == cells)
    }

    @Test func tellsTheLineThatARecordBeginsIn() throws {
        let lines = try records(Array("h\r\n\"1\r\n2\n3\r4\"\n\nx\ry".utf8)).map(\.line)
        #expect(lines == [1, 2, 7, 8])
    }

    @Test(arguments: [("a,b\nx,\"never\nclosed,", 2, 1), ("\"", 1, 0), ("a\n\"x\"\n\"y\"\"", 3, 0)])
    func saysWhereAQuoteBeganThatNothingCloses(_ text: String, _ line: Int, _ cell: Int) throws {
        let error = #expect(throws: CSVReader.OpenQuote.self) { _ = try records(text) }
        #expect(error == CSVReader.OpenQuote(line: line, cell: cell))
    }

    @Test func keepsNothingOfACellOfTenMegabytes() throws {
        let cells: [[UInt8]] = [
            Array(repeating: UInt8(ascii: "x"), count: 10 << 20),
            Array("\"".utf8) + Array(repeating: UInt8(ascii: "\n"), count: 10 << 20) + Array("\"".utf8),
        ]
        for cell in cells {
            let found = try records(Array("a,b\n1,".utf8) + cell + Array("\n2,3".utf8))
            #expect(found.map(\.cells) == [["a", "b"], ["1", ""], ["2", "3"]])
            #expect(found[1].faults == [CSVReader.Fault(cell: 1, line: 2, kind: .tooLong)])
        }
        let longest = String(repeating: "y", count: CSVReader.longestCell)
        #expect(try records("a\n\(longest)\n\"\(longest)\"") == [["a"], [longest], [longest]])
        #expect(try records(Array("a\n\(longest)y".utf8))[1].faults.count == 1)
    }

    @Test func refusesACellAndReadsOnBehindIt() throws {
        let found = try records(Array("a,b\n\"x\"y,".utf8) + [0xC3, 0x28] + Array("\n1,2".utf8))
        #expect(found[1].faults.map(\.kind) == [.textAfterQuote, .notUTF8])
        #expect(found[2].cells == ["1", "2"])
    }

    @Test(arguments: texts) func readsBackWhatItWrites(_ text: String, _ cells: [[String]]) throws {
        var writer = CSVWriter()
        // The first record decides on the separator, so it has one.
        writer.write(["h", "i"])
        let rows = cells.filter { $0 != [""] } + [["a\"b", "c,d;e\tf", "g\r\nh", " i ", "'"]]
        rows.forEach { writer.write($0) }
        #expect(try records(writer.bytes).dropFirst().map(\.cells) == rows)
    }

    @Test(arguments: [
        "=1+1", "+27711234567", "-x", "@SUM(A1)", "'=x", "''=x", "'quoted'", "'", "plain", "", "\tx", "=cmd|' /C calc'!A0", "O'Neill",
    ]) func writesNoFormulaAndLosesNothing(_ text: String) {
        let cell = SpreadsheetText.protected(text)
        #expect(cell.first.map { !"=+-@\t".contains($0) } ?? true)
        #expect(SpreadsheetText.unprotected(cell) == text)
    }

    @Test(arguments: ["8.2E+10", "3,56938E+14", "8E+09", "1e-5", "-2.5E+3", "82E+10"]) func knowsANumberThatASpreadsheetHasRounded(_ text: String) {
        #expect(SpreadsheetText.isRounded(text))
    }

    @Test(arguments: ["", "E+10", "8.E+10", "8.2E10", "1E10", "8.2", "82000000000", "8.2E+", "8.2E+10 ", "+8E+10", "SHOP-1", "1-2E+3"])
    func takesOtherTextsAsTheyAre(_ text: String) { #expect(!SpreadsheetText.isRounded(text)) }

    /// Seeded, so that a failure can be looked at again.
    @Test func readsAndWritesAnyCells() throws {
        var random = UInt64(20_261_121)
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % limit
        }
        let letters = Array("ab,;\t\"\r\n'=é ")
        var writer = CSVWriter()
        writer.write(["h", "i", "j"])
        let rows = (0..<2000).map { _ in (0..<3).map { _ in String((0..<next(7)).map { _ in letters[next(letters.count)] }) } }
        rows.forEach { writer.write($0) }
        #expect(try records(writer.bytes).dropFirst().map(\.cells) == rows)
    }
}
