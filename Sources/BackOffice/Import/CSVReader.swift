/// Reads comma-separated values, one record after another, each byte once.
///
/// What is kept of a cell never exceeds `longestCell`, however long it is in the file. Lines end with CRLF, LF or CR; empty ones are passed over.
/// - Source: RFC 4180; a quote inside an unquoted cell is taken as it stands, as spreadsheets do.
package struct CSVReader {
    /// Bytes of one cell; no field of an account is as long.
    package static let longestCell = 64 * 1024

    package struct Record: Equatable {
        /// Of the file, counted from 1; a quoted cell may span several.
        package let line: Int
        package var cells: [String] = []
        /// In the order of their cells.
        package var faults: [Fault] = []
    }

    /// What is wrong with one cell; it is empty in its record.
    package struct Fault: Equatable {
        package enum Kind: Equatable { case tooLong, notUTF8, textAfterQuote }

        /// Counted from 0.
        package let cell: Int
        /// Where the cell begins.
        package let line: Int
        package let kind: Kind
    }

    /// A quote that nothing closes: where the rest of the file belongs is not known.
    package struct OpenQuote: Error, Equatable {
        package let line: Int
        /// Counted from 0.
        package let cell: Int
    }

    /// Between cells: `,`, `;` or a tab.
    package let separator: UInt8

    private let bytes: [UInt8]
    private var place: Int
    private var line = 1

    /// The separator is the one that the first line has most of, outside quotes; a byte order mark is passed over.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        separator = Self.separator(of: bytes[place...])
    }

    /// The next record; `nil` at the end.
    package mutating func next() throws(OpenQuote) -> Record? {
        while place < bytes.count, Self.endsLine(bytes[place]) { passLineEnd() }
        guard place < bytes.count else { return nil }
        var record = Record(line: line)
        while true {
            let start = line
            let cell: Cell = bytes[place...].first == Self.quote ? try quoted(record.cells.count) : plain()
            switch cell {
            case .text(let text): record.cells.append(text)
            case .fault(let kind):
                record.faults.append(Fault(cell: record.cells.count, line: start, kind: kind))
                record.cells.append("")
            }
            guard place < bytes.count else { return record }
            if Self.endsLine(bytes[place]) {
                passLineEnd()
                return record
            }
            place += 1  // The separator.
            if place == bytes.count {
                record.cells.append("")
                return record
            }
        }
    }

    // MARK: Cells

    private enum Cell {
        case text(String)
        case fault(Fault.Kind)
    }

    private static let quote = UInt8(ascii: "\"")

    private func isEnd(_ byte: UInt8) -> Bool { byte == separator || Self.endsLine(byte) }

    private mutating func plain() -> Cell {
        let start = place
        while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
        return Self.cell(bytes[start..<place])
    }

    /// From the opening quote to the separator or line end behind the closing one.
    private mutating func quoted(_ cell: Int) throws(OpenQuote) -> Cell {
        let opening = line
        place += 1
        var kept: [UInt8] = []
        while true {
            guard place < bytes.count else { throw OpenQuote(line: opening, cell: cell) }
            let byte = bytes[place]
            if byte == Self.quote {
                place += 1
                guard place < bytes.count, bytes[place] == Self.quote else { break }
            }
            if kept.count <= Self.longestCell { kept.append(byte) }
            if byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && (place + 1 == bytes.count || bytes[place + 1] != UInt8(ascii: "\n"))) {
                line += 1
            }
            place += 1
        }
        guard place < bytes.count, !isEnd(bytes[place]) else { return Self.cell(kept[...]) }
        while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
        return .fault(.textAfterQuote)
    }

    private static func cell(_ bytes: ArraySlice<UInt8>) -> Cell {
        guard bytes.count <= longestCell else { return .fault(.tooLong) }
        return String(validating: bytes, as: UTF8.self).map(Cell.text) ?? .fault(.notUTF8)
    }

    // MARK: Lines

    private static func endsLine(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private mutating func passLineEnd() {
        if bytes[place] == UInt8(ascii: "\r"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "\n") { place += 1 }
        place += 1
        line += 1
    }

    private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var counts = [0, 0, 0]
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if endsLine(byte) { break }
            if let candidate = candidates.firstIndex(of: byte) { counts[candidate] += 1 }
        }
        return counts.max().flatMap(counts.firstIndex).map { candidates[$0] } ?? candidates[0]
    }
}
