/// A text cut into what its writer wrote and the earlier mail that it quotes.
struct QuotedText {
    private(set) var own: String
    /// Marks and headings included; empty where nothing is quoted.
    private(set) var quoted: String

    /// - Parameter text: with plain lines.
    init(_ text: String) {
        // By bytes: grapheme clusters take ten times as long, and a mark after a line's end belongs to the next line.
        let lines = text.utf8.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false).map { Substring($0) }
        var own: [Substring] = []
        var quoted: [Substring] = []
        var place = 0
        while place < lines.count {
            if Self.isMarked(lines[place]) {
                quoted.append(lines[place])
                place += 1
            } else if Self.isSeparator(lines[place]) || Self.isHeading(lines[place...]) {
                quoted += lines[place...]
                break
            } else if let end = Self.attributionEnd(lines[place...]) {
                // Marked lines follow: who answers below them has not written yet. None do: all that follows is the other's.
                let next = lines[end...].first { !$0.allSatisfy(\.isWhitespace) }
                let isMarked = next.map(Self.isMarked) ?? false
                let stop = isMarked ? end : lines.count
                quoted += lines[place..<stop]
                place = stop
            } else {
                own.append(lines[place])
                place += 1
            }
        }
        self.own = own.joined(separator: "\n").withPlainLines
        self.quoted = quoted.joined(separator: "\n").withPlainLines
    }

    private static func isMarked(_ line: Substring) -> Bool { line.utf8.first == UInt8(ascii: ">") }

    /// `-----Original Message-----`, in the languages that vendors' programs speak.
    private static func isSeparator(_ line: Substring) -> Bool {
        guard line.utf8.count < 200, line.hasPrefix("--") else { return false }
        let words = line.trimmingPrefix { $0 == "-" || $0 == " " }
        let end = words.lastIndex { $0 != "-" && !$0.isWhitespace }
        guard let end, end < words.index(before: words.endIndex) else { return false }
        return separators.contains(words[...end].lowercased())
    }

    private static let separators: Set<String> = [
        "original message", "oorspronklike boodskap", "oorspronkelijk bericht", "mensagem original", "message d'origine", "message d’origine",
        "ursprüngliche nachricht", "pesan asli",
    ]

    /// `On 18 July 2026 at 10:00, A Person <a@example.org> wrote:`, wrapped over up to three lines.
    /// - Returns: the place behind it.
    private static func attributionEnd(_ lines: ArraySlice<Substring>) -> Int? {
        guard let first = lines.first else { return nil }
        let kinds = attributions.filter { first.hasPrefix($0.start) }
        guard !kinds.isEmpty else { return nil }
        var joined = ""
        for (place, line) in zip(lines.indices, lines).prefix(3) {
            guard line.utf8.count < 500 else { return nil }
            joined += " " + line
            guard let end = joined.lastIndex(where: { !$0.isWhitespace }), joined[end] == ":" else { continue }
            let words = joined[..<end].lowercased()
            let isOne = kinds.contains { kind in
                kind.isLast
                    ? words.hasSuffix(kind.verb) || words.hasSuffix(kind.verb + " ") || words.hasSuffix(kind.verb + "\u{A0}")
                    : words.contains(kind.verb)
            }
            guard isOne else { continue }
            // Not the sentence of somebody who tells what he once wrote.
            return words.contains { $0 == "@" || $0.isNumber } ? place + 1 : nil
        }
        return nil
    }

    /// How such a line begins, and how it ends; in some languages the name comes last.
    private static let attributions: [(start: String, verb: String, isLast: Bool)] = [
        ("On ", " wrote", true), ("Op ", " geskryf", true), ("Op ", " schreef", false), ("Em ", " escreveu", true), ("A ", " escreveu", true),
        ("Le ", " a écrit", true), ("Am ", " schrieb", false), ("Pada ", " menulis", true),
    ]

    /// `From:` and three more lines of a header, as Outlook puts before what it quotes; a subject is always among them.
    private static func isHeading(_ lines: ArraySlice<Substring>) -> Bool {
        guard let first = label(lines.first), froms.contains(first) else { return false }
        let following = lines.dropFirst().prefix(5).compactMap { label($0) }
        return following.count >= 2 && following.contains { subjects.contains($0) }
    }

    private static func label(_ line: Substring?) -> String? {
        guard let line, let colon = line.prefix(20).firstIndex(of: ":") else { return nil }
        return line[..<colon].lowercased().filter { $0 != "*" && $0 != " " && $0 != "\u{A0}" }
    }

    private static let froms: Set<String> = ["from", "van", "de", "von", "dari"]
    private static let subjects: Set<String> = ["subject", "onderwerp", "assunto", "objet", "betreff", "subjek"]
}
