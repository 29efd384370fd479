/// A text as answers are compared: lower-case letters without accents, ASCII digits, and gaps.
///
/// Written by hand, because decomposition by the tables of Unicode would bring ICU into the program. Latin letters lose their accents, strokes and
/// ligatures; other scripts keep their marks, which are vowels in many of them, and are compared by canonical equivalence.
struct AnswerText {
    enum Piece: Equatable {
        /// One letter, or the two that it is also written with.
        case letters(String)
        /// `0` to `9`.
        case digit(Character)
        /// `&`
        case and
        /// A space, a line's end, punctuation.
        case gap
    }

    let pieces: [Piece]

    init(_ text: String) {
        var pieces: [Piece] = []
        for scalar in text.unicodeScalars { Self.read(scalar, into: &pieces) }
        self.pieces = pieces
    }

    /// All letters and digits, without what stands between them.
    var run: String {
        pieces.reduce(into: "") { run, piece in
            switch piece {
            case .letters(let letters): run += letters
            case .digit(let digit): run.append(digit)
            case .and, .gap: break
            }
        }
    }

    /// Digits, and nothing else but gaps.
    var hasOnlyDigits: Bool {
        pieces.allSatisfy { piece in
            switch piece {
            case .digit, .gap: true
            case .letters, .and: false
            }
        }
    }

    /// Digits of all scripts as ASCII digits and full-width characters as plain ones; the rest as it stands, without spaces.
    static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            let scalar = narrow(scalar)
            guard !scalar.properties.isWhitespace else { continue }
            if let digit = digit(scalar) { plain.append(digit) } else { plain.unicodeScalars.append(scalar) }
        }
        return plain
    }

    // MARK: One scalar

    private static func read(_ wide: Unicode.Scalar, into pieces: inout [Piece]) {
        let scalar = narrow(wide)
        if let digit = digit(scalar) { return pieces.append(.digit(digit)) }
        if scalar == "&" { return pieces.append(.and) }
        guard !apostrophes.contains(scalar) else { return }
        let properties = scalar.properties
        // Soft hyphens, zero-width and bidi controls, variation selectors.
        guard !properties.isDefaultIgnorableCodePoint, properties.generalCategory != .format else { return }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber, .otherNumber:
            for lower in properties.lowercaseMapping.unicodeScalars { append(lower, to: &pieces) }
        case .nonspacingMark, .spacingMark, .enclosingMark: appendMark(scalar, to: &pieces)
        default: if pieces.last != .gap { pieces.append(.gap) }
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to pieces: inout [Piece]) {
        // The dot that the small letter of a Turkish capital keeps.
        if scalar.properties.generalCategory == .nonspacingMark { return appendMark(scalar, to: &pieces) }
        pieces.append(.letters(LatinLetter.plain(scalar) ?? String(scalar)))
    }

    /// A Latin letter loses the mark; a letter of another script is not the same without it.
    private static func appendMark(_ mark: Unicode.Scalar, to pieces: inout [Piece]) {
        guard case .letters(var letters)? = pieces.last, letters.last?.isASCII == false else { return }
        letters.unicodeScalars.append(mark)
        pieces[pieces.count - 1] = .letters(letters)
    }

    /// - Source: The Unicode Standard, code chart FF00 (full-width forms of ASCII).
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Character? {
        guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue, (0...9).contains(value) else { return nil }
        return Character(Unicode.Scalar(UInt8(ascii: "0") + UInt8(value)))
    }

    /// They stand inside of words: O'Brien, O’Brien, OʼBrien, O´Brien, O`Brien.
    private static let apostrophes: Set<Unicode.Scalar> = [
        "'", "`", "\u{B4}", "\u{2BB}", "\u{2BC}", "\u{2BE}", "\u{2BF}", "\u{2018}", "\u{2019}", "\u{2032}",
    ]
}
