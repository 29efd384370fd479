import Wire

/// A linked cell number in E.164: `+`, country code, number.
enum LinkedNumber {
    /// Spaces, brackets, dots and dashes are dropped, a leading `00` becomes `+`. An empty text means: no number.
    ///
    /// Only the international form is taken: which country a bare `082…` belongs to is not for this function to guess.
    static func normalized(_ text: String) throws -> String? {
        var digits = text.filter { !" ()-./\u{00A0}".contains($0) }
        if digits.isEmpty { return nil }
        if digits.hasPrefix("00") { digits = "+" + digits.dropFirst(2) }
        let isMarked = digits.hasPrefix("+")
        let body = isMarked ? digits.dropFirst() : digits[...]
        // Without a mark only what is too long for a national number: fewer digits may be one whose 0 was left out.
        guard ((isMarked ? 7 : 11)...15).contains(body.utf8.count), body.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            body.first != "0"
        else {
            throw Problem(.invalidNumber, "'\(text)' is not an international number. Write it with the country code, for example +27711234567.")
        }
        return "+" + body
    }
}

extension String {
    /// Without spaces and line ends at both sides.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
