/// A text that holds one telephone number and nothing else, cut down to what is dialled.
///
/// Everything around the digits is thrown away here, before the library sees them: it would also take letters for keys, find a number within a
/// sentence, and read an extension.
struct WrittenNumber {
    /// Unicode scalars: twice what a number with all its signs and marks needs.
    private static let longest = 64

    /// ASCII digits, as many as were written.
    let digits: String
    /// Whether a `+` or the `00` that stands for it was in front; it is no longer in `digits`.
    let isInternational: Bool
    /// `digits` without the `(0)` of `+27 (0)82…`, which is not dialled from abroad; absent where there is none.
    let withoutTrunkZero: String?

    /// `nil` when anything is in it that does not belong to a number.
    init?(_ text: String) {
        guard text.unicodeScalars.count <= Self.longest else { return nil }
        var kept = ""
        for scalar in text.unicodeScalars {
            if let digit = Self.digit(scalar) {
                kept.unicodeScalars.append(digit)
            } else if scalar == "+" || scalar == "\u{FF0B}" {
                guard kept.allSatisfy({ $0 == "(" }) else { return nil }
                kept += "+"
            } else if scalar == "(" || scalar == "\u{FF08}" {
                kept += "("
            } else if scalar == ")" || scalar == "\u{FF09}" {
                kept += ")"
            } else if !Self.separates(scalar) {
                return nil
            }
        }
        func dialled(_ text: some StringProtocol) -> String { String(text.filter(\.isNumber)) }
        var digits = dialled(kept)
        let isMarked = kept.contains("+")
        let hasPrefix = !isMarked && digits.hasPrefix("00")
        if hasPrefix { digits.removeFirst(2) }
        guard !digits.isEmpty else { return nil }
        self.digits = digits
        isInternational = isMarked || hasPrefix
        if isInternational, let zero = kept.firstRange(of: "(0)") {
            let rest = dialled(kept[..<zero.lowerBound]) + dialled(kept[zero.upperBound...])
            withoutTrunkZero = hasPrefix ? String(rest.dropFirst(2)) : rest
        } else {
            withoutTrunkZero = nil
        }
    }

    /// The ASCII digit that a digit of any script stands for.
    private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else { return nil }
        return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
    }

    /// Spaces, dashes, dots, slashes, and what is not seen at all: joiners and marks of direction, as telephones copy them along with a number.
    private static func separates(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .dashPunctuation, .format: true
        default: "\t\n\r./\u{2212}\u{FF0E}\u{FF0F}\u{30FC}".unicodeScalars.contains(scalar)
        }
    }
}
