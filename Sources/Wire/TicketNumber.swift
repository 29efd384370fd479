/// The number of a request, as it is told to people: `VL-1042`.
///
/// Read as people write it: any case, digits of any script, a space or a dash of any kind or nothing between letters and digits.
package struct TicketNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    package static let prefix = "VL"
    /// More than will ever be given out, and far from where an Int64 ends.
    private static let mostDigits = 15
    /// `VL - 1042`.
    private static let mostSeparators = 3

    package let number: Int64

    /// - Parameter number: above 0.
    package init?(number: Int64) {
        guard number > 0 else { return nil }
        self.number = number
    }

    /// Reads a text that is one ticket number, with nothing but spaces around it.
    package init?(_ text: some StringProtocol) {
        // The longest that is read as one is far shorter; a long text is none, and is not copied.
        let scalars = text.unicodeScalars.prefix(64)
        guard scalars.endIndex == text.unicodeScalars.endIndex else { return nil }
        var rest = Array(scalars)
        while rest.last?.properties.isWhitespace == true { rest.removeLast() }
        let start = rest.firstIndex { !$0.properties.isWhitespace } ?? rest.count
        guard let found = Self.read(rest, at: start), found.end == rest.count else { return nil }
        self = found.ticket
    }

    /// The ticket numbers in a text, in its order, each once.
    package static func found(in text: some StringProtocol) -> [TicketNumber] {
        let scalars = Array(text.unicodeScalars)
        var tickets: [TicketNumber] = []
        var seen: Set<TicketNumber> = []
        var place = 0
        while place < scalars.count {
            guard let found = read(scalars, at: place) else {
                place += 1
                continue
            }
            if seen.insert(found.ticket).inserted { tickets.append(found.ticket) }
            place = found.end
        }
        return tickets
    }

    package var description: String { "\(Self.prefix)-\(number)" }

    package static func < (left: TicketNumber, right: TicketNumber) -> Bool { left.number < right.number }

    /// The ticket number that begins at a place, where neither end is within a longer word or number.
    private static func read(_ scalars: [Unicode.Scalar], at start: Int) -> (ticket: TicketNumber, end: Int)? {
        var place = start
        for letter in prefix.unicodeScalars {
            guard place < scalars.count, scalars[place].properties.uppercaseMapping == String(letter) else { return nil }
            place += 1
        }
        guard start == 0 || !isWord(scalars[start - 1]) else { return nil }
        var separators = 0
        while place < scalars.count, separators < mostSeparators, isSpace(scalars[place]) || isDash(scalars[place]) {
            place += 1
            separators += 1
        }
        let first = place
        var number: Int64 = 0
        while place < scalars.count, let digit = digit(scalars[place]) {
            guard place - first < mostDigits else { return nil }
            number = number * 10 + digit
            place += 1
        }
        guard place > first, let ticket = TicketNumber(number: number) else { return nil }
        if place < scalars.count {
            guard !isWord(scalars[place]) else { return nil }
            // `VL-2026-11` is something else's number.
            if isDash(scalars[place]), place + 1 < scalars.count, digit(scalars[place + 1]) != nil { return nil }
        }
        return (ticket, place)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int64? {
        guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else { return nil }
        return Int64(value)
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// Not a line's end; with what cannot be seen.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .format: true
        default: scalar == "\t"
        }
    }

    private static func isDash(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .dashPunctuation || scalar == "\u{2212}" || scalar == "\u{2043}"
    }
}

extension TicketNumber: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let ticket = TicketNumber(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "A ticket number is written like \(Self.prefix)-1042.")
        }
        self = ticket
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
