/// Latin letters that stand elsewhere in Unicode for their looks: full-width, mathematical, circled and squared.
///
/// - Source: The Unicode Standard, code charts FF00, 1D400, 2460, 1F100 and, for the gaps of the mathematical alphabets, 2100 (Letterlike Symbols).
enum StyledLetter {
    /// The ASCII letter; nil for any other scalar.
    static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0xFF21...0xFF3A: letter(scalar.value - 0xFF21, from: "A")
        case 0xFF41...0xFF5A: letter(scalar.value - 0xFF41, from: "a")
        // Thirteen alphabets of 26 capital and 26 small letters.
        case 0x1D400...0x1D6A3: mathematical((scalar.value - 0x1D400) % 52)
        case 0x24B6...0x24CF: letter(scalar.value - 0x24B6, from: "A")
        case 0x24D0...0x24E9: letter(scalar.value - 0x24D0, from: "a")
        case 0x1F130...0x1F149: letter(scalar.value - 0x1F130, from: "A")
        case 0x2102...0x2134: letterlike[scalar]
        default: nil
        }
    }

    private static func mathematical(_ place: UInt32) -> Unicode.Scalar? {
        place < 26 ? letter(place, from: "A") : letter(place - 26, from: "a")
    }

    private static func letter(_ place: UInt32, from first: Unicode.Scalar) -> Unicode.Scalar? { Unicode.Scalar(first.value + place) }

    private static let letterlike: [Unicode.Scalar: Unicode.Scalar] = [
        "ℂ": "C", "ℊ": "g", "ℋ": "H", "ℌ": "H", "ℍ": "H", "ℎ": "h", "ℐ": "I", "ℑ": "I", "ℒ": "L", "ℕ": "N", "ℙ": "P", "ℚ": "Q", "ℛ": "R", "ℜ": "R",
        "ℝ": "R", "ℤ": "Z", "ℨ": "Z", "ℬ": "B", "ℭ": "C", "ℯ": "e", "ℰ": "E", "ℱ": "F", "ℳ": "M", "ℴ": "o",
    ]
}
