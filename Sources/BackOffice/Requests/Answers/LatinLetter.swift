/// The plain letters behind a Latin letter with accents, strokes or ligatures.
///
/// Its name tells them: `LATIN SMALL LETTER E WITH CIRCUMFLEX AND ACUTE`.
/// - Source: The Unicode Standard, section 4.8 (names never change) and the code charts 0080, 0100, 0180, 1E00 and FB00.
enum LatinLetter {
    /// `nil` for what is neither a small Latin letter nor made of some.
    static func plain(_ scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII { return String(scalar) }
        guard let name = scalar.properties.name, let rest = ["LATIN SMALL LETTER ", "LATIN SMALL LIGATURE "].compactMap(name.dropping).first else {
            return nil
        }
        let base = rest.split(separator: " ").prefix { $0 != "WITH" && $0 != "PRECEDED" }.joined(separator: " ")
        return base.count == 1 ? base.lowercased() : several[base]
    }

    private static let several = [
        "AE": "ae", "OE": "oe", "SHARP S": "ss", "DOTLESS I": "i", "DOTLESS J": "j", "LONG S": "s", "ETH": "d", "THORN": "th", "IJ": "ij",
        "FF": "ff", "FI": "fi", "FL": "fl", "FFI": "ffi", "FFL": "ffl", "ST": "st", "LONG S T": "st",
    ]
}

extension String {
    /// What follows the prefix; `nil` where it is not there.
    fileprivate func dropping(_ prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
}
