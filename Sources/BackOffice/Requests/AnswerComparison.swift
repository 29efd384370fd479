// stub until the real one is merged
package enum AnswerField: String, Codable, CaseIterable, Sendable {
    case name, surname, address, id_number, imei
    var title: String { rawValue }
}
enum AnswerComparison {
    static func agrees(_ field: AnswerField, given: String, stored: String) -> Bool { given.lowercased() == stored.lowercased() }
}
