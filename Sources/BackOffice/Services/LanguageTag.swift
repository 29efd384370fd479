import Wire

/// The language of messages to a vendor: a tag of language, script and region, for example `zu`, `en-ZA`, `zh-Hant`.
/// - Source: RFC 5646 (BCP 47) section 2.1, as far as messages are written in it.
enum LanguageTag {
    static func checked(_ text: String) throws -> String {
        var parts = text.split(separator: "-", omittingEmptySubsequences: false)[...]
        let language = parts.popFirst() ?? ""
        if let script = parts.first, isLetters(script, 4...4) { parts.removeFirst() }
        if let region = parts.first, isLetters(region, 2...2) || isAreaCode(region) { parts.removeFirst() }
        guard isLetters(language, 2...3), parts.isEmpty else {
            throw Problem(.invalidBody, "'language' is a language tag of 2 or 3 letters, with a script and a region where needed: zu, en-ZA.")
        }
        return text
    }

    private static func isLetters(_ part: Substring, _ length: ClosedRange<Int>) -> Bool {
        length.contains(part.utf8.count) && part.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
    }

    /// UN M.49, for example 419 for Latin America.
    private static func isAreaCode(_ part: Substring) -> Bool {
        part.utf8.count == 3 && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
