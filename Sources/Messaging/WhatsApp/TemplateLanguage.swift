/// The languages that WhatsApp takes templates in, of those that the catalogue has.
///
/// isiXhosa, Sesotho and Setswana are not among them: there an English template goes, whose words are little more than its parameters.
/// - Source: Meta, WhatsApp message templates, supported languages.
package enum TemplateLanguage {
    private static let codes = [
        "en": "en", "af": "af", "zu": "zu", "pt": "pt_PT", "fr": "fr", "hi": "hi", "mr": "mr", "gu": "gu", "id": "id", "de": "de",
    ]

    /// - Parameter language: of the catalogue: `zu`.
    package static func code(for language: String) -> String { codes[language] ?? "en" }
}
