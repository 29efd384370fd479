/// The text of an HTML page, as a person would copy it from the screen; what it quotes in a `blockquote` begins with `> `.
///
/// No browser: hidden text is text, tables are lines. Each byte is looked at a few times at most, whatever the page.
struct HTMLText {
    private let bytes: [UInt8]
    private var place = 0
    private var text: [UInt8] = []
    private var line: [UInt8] = []
    private var isSpaceDue = false
    private var quoteDepth = 0
    /// Whether spaces and line ends stand as they are.
    private var preDepth = 0
    /// What was looked for and is not in the rest, so that nobody looks again.
    private var missing: Set<[UInt8]> = []

    static func text(of page: String) -> String {
        var html = HTMLText(bytes: Array(page.utf8))
        html.read()
        return String(decoding: html.text, as: UTF8.self).withPlainLines
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func read() {
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "<"): readTag()
            case UInt8(ascii: "&"): readEntity()
            case ASCII.lineFeed where preDepth > 0: endLine()
            case ASCII.space where preDepth > 0: append([ASCII.space])
            case ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn, 12:
                isSpaceDue = !line.isEmpty
                place += 1
                continue
            default: append([bytes[place]])
            }
            place += 1
        }
        endLine()
    }

    private mutating func append(_ more: some Sequence<UInt8>) {
        if isSpaceDue { line.append(ASCII.space) }
        isSpaceDue = false
        line += more
    }

    private mutating func endLine() {
        isSpaceDue = false
        // No more than one empty line after another.
        if line.isEmpty, text.isEmpty || text.suffix(2).elementsEqual("\n\n".utf8) { return }
        if quoteDepth > 0 { text += "> ".utf8 }
        text += line
        text.append(ASCII.lineFeed)
        line = []
    }

    /// Reads the tag that begins here and stops at its last byte; what only looks like one is text.
    private mutating func readTag() {
        if bytes[place...].starts(with: "<!--".utf8) {
            guard let end = find("-->", from: place + 4) else { return append("<".utf8) }
            place = end + 2
            return
        }
        var start = place + 1
        let isEnd = start < bytes.count && bytes[start] == UInt8(ascii: "/")
        if isEnd { start += 1 }
        guard start < bytes.count, isLetter(bytes[start]) || "!?".utf8.contains(bytes[start]), let end = tagEnd(from: start) else {
            return append("<".utf8)
        }
        let name = String(decoding: bytes[start..<end].prefix { isLetter($0) || (48...57).contains($0) }, as: UTF8.self).lowercased()
        place = end
        if isEnd { readEnd(name) } else { readStart(name) }
    }

    private mutating func readStart(_ name: String) {
        switch name {
        case "script", "style", "title":
            // Browsers show nothing of a page whose script never ends; here the tag alone is left out.
            if let end = find("</\(name)", from: place), let close = find(">", from: end) { place = close }
        case "br": line.isEmpty ? endEmptyLine() : endLine()
        case "blockquote":
            breakLine()
            quoteDepth += 1
        case "pre":
            breakLine()
            preDepth += 1
        case "td", "th": isSpaceDue = !line.isEmpty
        default: if Self.blocks.contains(name) { breakLine() }
        }
    }

    private mutating func readEnd(_ name: String) {
        switch name {
        case "blockquote":
            breakLine()
            quoteDepth = max(quoteDepth - 1, 0)
        case "pre":
            breakLine()
            preDepth = max(preDepth - 1, 0)
        case "p", "h1", "h2", "h3", "h4":
            breakLine()
            if !text.isEmpty { endLine() }
        default: if Self.blocks.contains(name) { breakLine() }
        }
    }

    private mutating func breakLine() {
        isSpaceDue = false
        if !line.isEmpty { endLine() }
    }

    private mutating func endEmptyLine() {
        if !text.isEmpty { endLine() }
    }

    private static let blocks: Set<String> = [
        "address", "article", "body", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p",
        "section",
        "table", "tr", "ul",
    ]

    /// The `>` that ends a tag, not one within an attribute's quotes.
    private mutating func tagEnd(from start: Int) -> Int? {
        guard let first = find(">", from: start) else { return nil }
        var place = start
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: ">"): return place
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let quote = bytes[place] == UInt8(ascii: "\"") ? "\"" : "'"
                // An apostrophe in the wrong place must not take the rest of the page with it.
                guard bytes[place - 1] == UInt8(ascii: "="), let end = find(quote, from: place + 1) else { break }
                place = end
            default: break
            }
            place += 1
        }
        return first
    }

    private mutating func find(_ text: String, from start: Int) -> Int? {
        let wanted = Array(text.utf8)
        guard !missing.contains(wanted), start <= bytes.count else { return nil }
        var place = start
        while place + wanted.count <= bytes.count {
            if zip(bytes[place...], wanted).allSatisfy({ lower($0) == $1 }) { return place }
            place += 1
        }
        missing.insert(wanted)
        return nil
    }

    /// Reads the entity that begins here and stops at its last byte.
    private mutating func readEntity() {
        let rest = bytes[(place + 1)...].prefix(HTMLEntity.longest + 1)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")), let letter = HTMLEntity.text(String(decoding: rest[..<end], as: UTF8.self)) else {
            return append("&".utf8)
        }
        place = end
        if letter == "\u{A0}" { append(" ".utf8) } else { append(letter.utf8) }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(lower(byte)) }
    private func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }
}

/// The entities that mail programs write; the two thousand others of the standard stand for mathematics.
/// - Source: WHATWG HTML section 13.5.
enum HTMLEntity {
    static let longest = 10

    /// - Parameter name: without `&` and `;`.
    static func text(_ name: String) -> String? {
        guard name.hasPrefix("#") else { return named[name] }
        let digits = name.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        guard let number = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits) else { return nil }
        return Unicode.Scalar(number).flatMap { $0 == "\0" ? nil : String(Character($0)) } ?? "\u{FFFD}"
    }

    private static let named: [String: String] = {
        var named = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "ndash": "\u{2013}", "mdash": "\u{2014}", "lsquo": "\u{2018}",
            "rsquo": "\u{2019}", "sbquo": "\u{201A}", "ldquo": "\u{201C}", "rdquo": "\u{201D}", "bdquo": "\u{201E}", "bull": "\u{2022}",
            "hellip": "\u{2026}", "euro": "\u{20AC}", "trade": "\u{2122}", "ensp": " ", "emsp": " ", "thinsp": " ", "zwnj": "\u{200C}",
            "zwj": "\u{200D}", "lsaquo": "\u{2039}", "rsaquo": "\u{203A}", "rarr": "\u{2192}", "larr": "\u{2190}", "minus": "\u{2212}",
            "scaron": "\u{161}", "Scaron": "\u{160}", "oelig": "\u{153}", "OElig": "\u{152}", "Yuml": "\u{178}",
        ]
        for (place, name) in latin.split(separator: " ").enumerated() {
            named[String(name)] = Unicode.Scalar(0xA0 + UInt32(place)).map { String(Character($0)) }
        }
        return named
    }()

    /// U+00A0 to U+00FF.
    private static let latin = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm \
        raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde \
        Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
        eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """
}
