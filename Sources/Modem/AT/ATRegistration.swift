/// What `+CREG`, `+CGREG`, `+CEREG` or `+C5GREG` says of a modem's registration, asked for or not. Pure.
///
/// The forms differ by modem: fields quoted or not, with spaces, padded with zeros, with further fields behind or, of one maker,
/// the routing area between the area and the cell.
/// - Source: 3GPP TS 27.007 sections 7.2, 10.1.20, 10.1.22, 10.1.47.
package struct ATRegistration: Sendable, Equatable {
    package enum Command: String, CaseIterable, Sendable {
        case circuit = "CREG"
        case packet = "CGREG"
        case lte = "CEREG"
        case nr = "C5GREG"

        /// Whether its area is a tracking area.
        var hasTrackingArea: Bool { self == .lte || self == .nr }
    }

    package let command: Command
    /// 0 idle, 1 home, 2 searching, 3 denied, 4 unknown, 5 roaming, 6 and 7 for messages only, 8 emergency, 9 and 10 without fallback, 11.
    package let status: Int
    /// 0 when it cannot be read, `nil` when there is none.
    package let area: Int?
    package let cell: Int64?
    /// 0 GSM … 7 LTE … 11 NR.
    package let technology: Int?

    private static let registered = [1, 5, 6, 7, 9, 10]
    package var isRegistered: Bool { Self.registered.contains(status) }

    private struct Field {
        let text: String
        let isQuoted: Bool

        init(_ raw: Substring) {
            var text = ATAnswer.trimmed(raw)
            isQuoted = text.hasPrefix("\"")
            if isQuoted { text = ATAnswer.trimmed(text.filter { $0 != "\"" }) }
            self.text = text
        }

        func number(_ digits: ClosedRange<Int>, _ radix: Int) -> Int64? {
            guard digits.contains(text.utf8.count), text.first != "+", text.first != "-" else { return nil }
            return Int64(text, radix: radix)
        }

        /// A small decimal number, perhaps padded; never one in quotes.
        func decimal(upTo limit: Int64) -> Int? {
            guard !isQuoted, let number = number(1...3, 10), number <= limit else { return nil }
            return Int(number)
        }

        /// 0 when it is garbage; `nil` when it is empty.
        func hexadecimal(_ digits: Int) -> Int64? { text.isEmpty ? nil : number(1...digits, 16) ?? 0 }
    }

    /// `nil` unless the line is one of these.
    package init?(_ line: String) {
        let text = ATAnswer.trimmed(line)
        guard let colon = text.firstIndex(of: ":"), text.first == "+",
            let command = Command(rawValue: String(text[text.index(after: text.startIndex)..<colon]))
        else { return nil }
        var fields = text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false).map(Field.init)[...]
        if Self.isSolicited(fields) { fields.removeFirst() }
        guard let status = fields.popFirst()?.decimal(upTo: 99) else { return nil }
        // Routing area between area and cell: the cell is what stands before a technology, and has more than one byte.
        if command == .lte, fields.count >= 4, (1...2).contains(fields[fields.startIndex + 1].text.count),
            fields[fields.startIndex + 2].text.count > 2, fields[fields.startIndex + 3].decimal(upTo: 13) != nil
        {
            fields.remove(at: fields.startIndex + 1)
        }
        self.command = command
        self.status = status
        area = fields.popFirst()?.hexadecimal(6).map { Int($0) }
        cell = fields.popFirst()?.hexadecimal(9)
        technology = fields.popFirst()?.decimal(upTo: 13)
    }

    /// Whether the first field is the mode that an asked line begins with. `n,stat` has two fields, `stat,area,cell` three; with more,
    /// a second field that is a plain status shows it: areas are quoted or longer.
    private static func isSolicited(_ fields: ArraySlice<Field>) -> Bool {
        guard let mode = fields.first, mode.decimal(upTo: 5) != nil, let second = fields.dropFirst().first else { return false }
        return fields.count == 2 || fields.count >= 4 && second.decimal(upTo: 11) != nil
    }
}
