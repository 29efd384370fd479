/// What the caller of a USSD session sees next.
/// - Source: Africa's Talking, "USSD" (`CON`, `END`); 3GPP TS 23.038 section 6.1.2.3 and 3GPP TS 22.090 (182 characters of the default alphabet).
package enum USSDAnswer: Sendable, Equatable {
    /// The session goes on: an input is awaited.
    case proceed(String)
    case end(String)

    /// 160 bytes hold 182 septets with their padding; in UCS-2 half of 182 is what all networks show.
    private static let septets = 182
    private static let ucs2Units = 91

    /// The body of the answer. What does not fit on the screen is cut, never inside a character.
    package var text: String {
        switch self {
        case .proceed(let text): "CON " + Self.cut(text)
        case .end(let text): "END " + Self.cut(text)
        }
    }

    /// The longer of what fits in each of the two alphabets: a text may do without its last characters and keep the larger alphabet.
    private static func cut(_ text: String) -> String {
        let gsm = prefix(of: text, units: septets, GSMAlphabet.septets)
        let ucs2 = prefix(of: text, units: ucs2Units) { UTF16.width($0) }
        return String(gsm.count >= ucs2.count ? gsm : ucs2)
    }

    private static func prefix(of text: String, units limit: Int, _ size: (Unicode.Scalar) -> Int?) -> Substring {
        var used = 0
        for place in text.indices {
            for scalar in text[place].unicodeScalars {
                guard let units = size(scalar), used + units <= limit else { return text[..<place] }
                used += units
            }
        }
        return text[...]
    }
}
