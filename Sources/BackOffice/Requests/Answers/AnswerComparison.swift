import Wire

/// Compares an answer with what is stored: the spelling is forgiven, what it says is not.
///
/// In every field case, accents, punctuation and the script of digits do not count (`AnswerText`). There is no distance under which a wrong answer
/// passes, and neither an empty answer nor a number that a spreadsheet has rounded agrees with anything, itself included.
package enum AnswerComparison {
    package static func agrees(_ field: AnswerField, given: String, stored: String) -> Bool {
        guard !isRounded(given), !isRounded(stored) else { return false }
        return switch field {
        case .name, .surname, .id_number: agrees(run: given, stored)
        case .address: AnswerAddress(stored).agrees(given: given)
        case .imei: agrees(imei: given, stored)
        }
    }

    /// Letters and digits one after another, whatever stands between them: `Anne-Marie`, `Anne Marie` and `Annemarie` are one name, `8001 01-5009087` and
    /// `8001015009087` one number.
    ///
    /// Several given names count in their order, and none may be missing or added: `Anne` is not `Anne Marie`, and an initial is no name.
    private static func agrees(run given: String, _ stored: String) -> Bool {
        let given = AnswerText(given).run
        return !given.isEmpty && given == AnswerText(stored).run
    }

    /// The same device, written with 14, 15 or 16 digits (`IMEI`).
    private static func agrees(imei given: String, _ stored: String) -> Bool {
        guard let given = imei(given), let stored = imei(stored) else { return false }
        return given == stored
    }

    private static func imei(_ text: String) -> IMEI? {
        let text = AnswerText(text)
        // A word beside the number is not part of it, whatever it says.
        guard text.hasOnlyDigits else { return nil }
        // What is no IMEI names no device, so why it is none does not matter here.
        do { return try IMEI(text.run) } catch { return nil }
    }

    private static func isRounded(_ text: String) -> Bool {
        SpreadsheetText.isRounded(text.trimmed) || SpreadsheetText.isRounded(AnswerText.plain(text))
    }
}
