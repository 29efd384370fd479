/// A text reduced to what a command can be made of: lower-case tokens with one space between them.
///
/// Digits of all scripts become ASCII digits, styled Latin letters plain ones, dashes `-`. What cannot be seen and quotation marks vanish; every other
/// character that is neither letter, mark, number nor `-` separates tokens. The words of the catalogues are folded by the same function, so it matters
/// little that joiners inside Devanagari and Gujarati words are lost.
///
/// Kept as characters, because two characters are equal when they are canonically equivalent: `ê` in one scalar or in two.
struct TextFold {
    /// A text longer than WhatsApp takes (4,096 characters) is no command; nothing after this many scalars is looked at.
    static let inputLimit = 4096
    /// A command is far shorter than this many scalars, whatever reference and languages.
    static let foldedLimit = 200

    let characters: [Character]
    /// Whether the text went on after what was folded; a token that was cut in two is left out.
    let isCut: Bool

    init(_ text: String) {
        var tokens = Tokens()
        var isCut = false
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < Self.inputLimit, tokens.count < Self.foldedLimit else {
                isCut = true
                break
            }
            tokens.take(scalar)
        }
        characters = Array(String(isCut ? tokens.finished : tokens.all))
        self.isCut = isCut
    }
}

/// Collects scalars into tokens.
private struct Tokens {
    /// Whole tokens, one space between them.
    private(set) var finished = String.UnicodeScalarView()
    private var current = String.UnicodeScalarView()
    private(set) var count = 0

    mutating func take(_ scalar: Unicode.Scalar) {
        switch Piece(scalar) {
        case .nothing: break
        case .separator: finishToken()
        case .hyphen:
            if let last = current.last, last != "-" { append("-") }
        case .mark:
            // A mark without a letter is an emoji's or a joke.
            if !current.isEmpty { append(scalar) }
        case .digit(let value): append(Unicode.Scalar(UInt8(ascii: "0") + value))
        case .letter(let letter):
            for lower in letter.properties.lowercaseMapping.unicodeScalars { append(lower) }
        }
    }

    /// With the token that the text ends in.
    var all: String.UnicodeScalarView {
        var copy = self
        copy.finishToken()
        return copy.finished
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        current.append(scalar)
        count += 1
    }

    private mutating func finishToken() {
        if current.last == "-" { current.removeLast() }
        guard !current.isEmpty else { return }
        if !finished.isEmpty { finished.append(" ") }
        finished.append(contentsOf: current)
        current = String.UnicodeScalarView()
        count += 1
    }
}

/// What one scalar is worth in a command.
private enum Piece {
    case nothing, separator, hyphen
    case mark
    case digit(UInt8)
    case letter(Unicode.Scalar)

    init(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            self = Self.ofASCII(scalar)
            return
        }
        if Self.quotes.contains(scalar) {
            self = .nothing
            return
        }
        if let letter = StyledLetter.plain(scalar) {
            self = .letter(letter)
            return
        }
        let properties = scalar.properties
        // Zero-width and bidi controls, soft hyphen, variation selectors, byte order mark.
        if properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format {
            self = .nothing
            return
        }
        if properties.numericType == .decimal || properties.numericType == .digit, let value = properties.numericValue, (0...9).contains(value) {
            self = .digit(UInt8(value))
            return
        }
        switch properties.generalCategory {
        case .dashPunctuation: self = .hyphen
        case .initialPunctuation, .finalPunctuation: self = .nothing
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber, .otherNumber: self = .letter(scalar)
        case .nonspacingMark, .spacingMark: self = .mark
        // The box around the digit of a keycap emoji.
        case .enclosingMark: self = .nothing
        // Hyphen bullet and minus sign are dashes by look, not by category.
        default: self = scalar == "\u{2043}" || scalar == "\u{2212}" ? .hyphen : .separator
        }
    }

    /// Quotation marks that are not in a category of quotation marks: modifier letters, low quotes, primes, acute accent, full-width.
    private static let quotes: Set<Unicode.Scalar> = [
        "\u{B4}", "\u{2BB}", "\u{2BC}", "\u{201A}", "\u{201E}", "\u{2032}", "\u{2033}", "\u{FF02}", "\u{FF07}",
    ]

    private static func ofASCII(_ scalar: Unicode.Scalar) -> Piece {
        switch scalar {
        case "0"..."9": .digit(UInt8(scalar.value) - UInt8(ascii: "0"))
        case "a"..."z", "A"..."Z": .letter(scalar)
        case "-": .hyphen
        case "'", "\"": .nothing
        default: .separator
        }
    }
}
