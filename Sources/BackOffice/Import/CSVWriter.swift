/// Writes comma-separated values: CRLF behind each record, quotes where they are needed.
/// - Source: RFC 4180.
package struct CSVWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write(_ cells: [String]) {
        for (place, cell) in cells.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            if Self.needsQuotes(cell) {
                bytes.append(UInt8(ascii: "\""))
                for byte in cell.utf8 {
                    if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                    bytes.append(byte)
                }
                bytes.append(UInt8(ascii: "\""))
            } else {
                bytes.append(contentsOf: cell.utf8)
            }
        }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    /// Also for `;` and tab, because readers guess the separator.
    private static func needsQuotes(_ cell: String) -> Bool {
        cell.utf8.contains { "\",;\t\r\n".utf8.contains($0) } || cell.first?.isWhitespace == true || cell.last?.isWhitespace == true
    }
}

/// Cells that a spreadsheet would calculate instead of show.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or CR is written with an apostrophe before it, and read without; further apostrophes in
/// front count with it, so that every text comes back as it was. A cell without one is text all the same: nothing here calculates.
/// - Source: OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection
package enum SpreadsheetText {
    package static func protected(_ text: String) -> String { isFormula(text) ? "'" + text : text }

    package static func unprotected(_ cell: String) -> String { cell.hasPrefix("'") && isFormula(cell) ? String(cell.dropFirst()) : cell }

    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "'") }) else { return false }
        return "=+-@\t\r".utf8.contains(first)
    }

    /// What a spreadsheet makes of a long number: `8.2E+10`. Its other digits are lost.
    ///
    /// By hand, because it is asked of every number in a file, and a regular expression took most of an import's time.
    package static func isRounded(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        func passDigits() -> Bool {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count > 0
        }
        func pass(_ accepted: String) -> Bool {
            guard let first = rest.first, accepted.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = pass("-")
        guard passDigits() else { return false }
        if pass(".,"), !passDigits() { return false }
        return pass("eE") && pass("+-") && passDigits() && rest.isEmpty
    }
}
