/// What a modem answers to one command: its lines, until the one that ends the answer. Pure.
///
/// Unsolicited lines may stand anywhere between; they are among the lines, and whoever reads these takes what has the form asked for.
package struct ATAnswer: Sendable, Equatable {
    package enum End: Sendable, Equatable {
        case ok
        /// With its text: `ERROR`, `+CME ERROR: 10`.
        case refused(String)

        /// - Source: 3GPP TS 27.007 section 9.2, `+CME ERROR: 10` (or in words).
        package var saysNoSIM: Bool {
            if case .refused(let text) = self { text == "+CME ERROR: 10" || text.lowercased() == "+cme error: sim not inserted" } else { false }
        }
    }

    /// More lines than this are noise, and passed over.
    private static let mostLines = 64
    package let command: String
    package private(set) var lines: [String] = []
    package private(set) var end: End?

    package init(to command: String) { self.command = command }

    /// - Returns: whether the answer is complete.
    package mutating func receive(_ line: String) -> Bool {
        let line = Self.trimmed(line)
        // The echo, whole or without what got lost of its beginning.
        guard !line.isEmpty, !(line.count > 2 && command.hasSuffix(line)) else { return false }
        end = Self.end(line)
        if end == nil, lines.count < Self.mostLines { lines.append(line) }
        return end != nil
    }

    /// - Source: 3GPP TS 27.007 section 9, V.250 section 5.7.1.
    private static func end(_ line: String) -> End? {
        switch line {
        case "OK": .ok
        case "ERROR", "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "COMMAND NOT SUPPORT": .refused(line)
        default: line.hasPrefix("+CME ERROR:") || line.hasPrefix("+CMS ERROR:") ? .refused(line) : nil
        }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
