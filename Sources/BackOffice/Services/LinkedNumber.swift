import PhoneNumbers
import Wire

/// A linked cell number as staff type it, in E.164.
enum LinkedNumber {
    /// The number in E.164, so that it is compared with what providers send; an empty text means: no number.
    ///
    /// - Throws: `invalid_number` for everything that `numbers` does not read as exactly one number.
    static func normalized(_ text: String, by numbers: PhoneNumberReader) throws -> String? {
        if text.trimmed.isEmpty { return nil }
        guard let number = numbers.number(text) else {
            throw Problem(
                .invalidNumber,
                "'\(text)' is not a telephone number of \(numbers.region), nor one with a country code. "
                    + "Write it with the country code, for example +27711234567.")
        }
        return number.e164
    }
}

extension String {
    /// Without spaces and line ends at both sides.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
