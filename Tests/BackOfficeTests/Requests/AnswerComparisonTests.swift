import BackOffice
import Testing

/// An answer agrees when it says what is stored, however it is spelt, and never otherwise.
@Suite struct AnswerComparisonTests {
    typealias Pair = (AnswerField, String, String)

    /// Agree whichever of the two is stored.
    private static let same: [Pair] = [
        // Case, spaces, punctuation.
        (.name, "Thandi", "THANDI"), (.name, " thandi ", "Thandi"), (.name, "Anne-Marie", "Anne Marie"), (.name, "Annemarie", "Anne\u{A0}Marie"),
        (.name, "Anne\u{2011}Marie", "anne\u{2013}marie"), (.name, "Anne\u{3000}Marie", "Anne\tMarie\n"), (.name, "Thandi\u{200B}", "\u{FEFF}Thandi"),
        (.surname, "O'Brien", "OBrien"), (.surname, "O’Brien", "O`brien"), (.surname, "OʼBrien", "O Brien"),
        (.surname, "van der Merwe", "Van Der Merwe"),
        (.surname, "Nkosi, ", "Nkosi"), (.name, "T\u{AD}handi", "Thandi"),
        // Accents, in one scalar or two, and letters that stand for two.
        (.surname, "Müller", "Muller"), (.surname, "Mu\u{308}ller", "Müller"), (.surname, "Dlâmini", "dlamini"), (.surname, "Straße", "STRASSE"),
        (.surname, "ẞ", "ss"), (.surname, "Sørensen", "Sorensen"), (.surname, "Æbelø", "aebelo"), (.surname, "Łukasz", "lukasz"),
        (.name, "Işık", "ISIK"), (.name, "İlker", "ilker"), (.surname, "Nguyễn", "nguyen"), (.surname, "Gonçalves", "GONCALVES"),
        (.surname, "Cœur", "coeur"),
        (.surname, "ŉ Dou", "n dou"), (.surname, "ﬁsher", "Fisher"), (.surname, "Đorđe", "dorde"), (.name, "Ｔｈａｎｄｉ", "thandi"),
        // Other scripts keep their letters.
        (.name, "सीता", "सीता "), (.name, "\u{0915}\u{093C}", "\u{0958}"), (.name, "Анна", "АННА"),
        // Numbers.
        (.id_number, "8001015009087", "800101 5009 087"), (.id_number, "8001015009087", "80-01-01-5009-08-7"),
        (.id_number, "8001015009087", "８００１０１５００９０８７"),
        (.id_number, "8001015009087", "٨٠٠١٠١٥٠٠٩٠٨٧"), (.id_number, "a1234567", "A 1234567"), (.id_number, "M00012345", "m-00012345"),
        (.imei, "352099001761481", "35-209900-176148-1"), (.imei, "352099001761481", "35209900176148"),
        (.imei, "352099001761481", "3520990017614801"),
        (.imei, "35 209900 176148 1", "352099.00176148/1"), (.imei, "352099001761481", "٣٥٢٠٩٩٠٠١٧٦١٤٨١"),
        (.imei, "352099001761481", "352099\u{A0}001761481"),
        // Addresses.
        (.address, "12 Vilakazi Street, Orlando West", "12 vilakazi st orlando west"),
        (.address, "12 Vilakazi Str.\nOrlando West", "12, Vilakazi St., Orlando West"),
        (.address, "4 Long Rd", "4 Long Road"), (.address, "4 Fifth Ave", "4 Fifth Av."), (.address, "4 Fifth Avenue", "4 Fifth ave"),
        (.address, "12 Vilakazi Street, Protea Glen Ext 4", "12 Vilakazi Street, Protea Glen Extension 4"),
        (.address, "7 Dr Moroka Dr", "7 Doctor Moroka Drive"),
        (.address, "Cnr Main & Church St 3", "Corner Main and Church Street 3"), (.address, "Unit 5, 9 Long Road", "Flat 5, 9 Long Rd"),
        (.address, "PO Box 12, Umtata", "P.O. Box 12 Umtata"), (.address, "12A Main Road", "12 a Main Road"),
        (.address, "12a Main Road", "12 A, Main Rd"),
        (.address, "No. 12 Main Road", "12 Main Road"), (.address, "No 12 Main Road", "№ 12 Main Road"),
        (.address, "Stand no.12, Main Road", "Stand 12 Main Road"),
        (.address, "012 Main Road", "12 Main Road"), (.address, "0012 Main Road", "12 Main Road"), (.address, "12 1st Avenue", "12 1ST Ave"),
        (.address, "3 Anne-Marie Street", "3 Annemarie Street"), (.address, "3 O'Reilly Street", "3 OReilly St"),
        (.address, "3 Parkview Road", "3 Park View Road"),
        (.address, "5 Rua de São João", "5 rua de sao joao"), (.address, "12 St Johns Road", "12 Saint Johns Rd"),
        (.address, "١٢ Main Road", "12 Main Road"),
        (.address, "12 Main Road, Soweto, 1804, RSA", "12 Main Road, Soweto 1804 South Africa"),
        (.address, "12 Main Road, Soweto, South Africa 1804", "12 Main Road, Soweto 1804, South Africa"),
    ]

    @Test(arguments: same) func agreesWhateverTheSpelling(_ field: AnswerField, _ one: String, _ other: String) {
        #expect(AnswerComparison.agrees(field, given: one, stored: other))
        #expect(AnswerComparison.agrees(field, given: other, stored: one))
        #expect(AnswerComparison.agrees(field, given: one, stored: one) && AnswerComparison.agrees(field, given: other, stored: other))
    }

    /// Never agree, whichever of the two is stored.
    private static let different: [Pair] = [
        (.name, "Thandi", "Thando"), (.name, "Thandi", "Thandie"), (.name, "Thandi", "Tandi"), (.name, "Anne", "Anne Marie"),
        (.name, "Marie Anne", "Anne Marie"),
        (.name, "A.", "Anne"), (.name, "Anne M.", "Anne Marie"), (.name, "Thandi 2", "Thandi"), (.surname, "Mueller", "Müller"),
        (.surname, "Smith", "Smyth"),
        (.surname, "Merwe", "van der Merwe"), (.surname, "Nkosi", "Nkosi-Dlamini"), (.name, "", "Thandi"), (.name, " \u{A0}", "Thandi"),
        (.name, "-", "Thandi"),
        // A vowel sign is no accent, nor is й an и.
        (.name, "सीता", "सता"), (.name, "सीता", "सोता"), (.name, "\u{0438}", "\u{0439}"), (.name, "\u{0438}", "\u{0438}\u{306}"), (.name, "Анна", "Анне"),
        (.id_number, "8001015009087", "8001015009086"), (.id_number, "8001015009087", "801015009087"),
        (.id_number, "08001015009087", "8001015009087"),
        (.id_number, "8001015009087", "8001015009O87"), (.id_number, "A1234567", "1234567"), (.id_number, "A1234567", "B1234567"),
        (.id_number, "8001015009087", "8001015090087"), (.id_number, "8001015009087", "0087"), (.id_number, "8001015009087", "8.00101500908E+12"),
        (.imei, "352099001761481", "352099001761499"), (.imei, "352099001761481", "352099001761482"), (.imei, "352099001761481", "1481"),
        (.imei, "352099001761481", "IMEI 352099001761481"), (.imei, "352099001761481", "490154203237518"), (.imei, "352099001761481", ""),
        (.imei, "352099001761481", "35209900176148100"), (.imei, "352099001761481", "3.52099E+14"), (.imei, "352099001761481", "+352099001761481x"),
        (.address, "12 Main Road", "21 Main Road"), (.address, "12 Main Road", "120 Main Road"), (.address, "1 2 Main Road", "12 Main Road"),
        (.address, "12 Main Road", "Main Road"), (.address, "12 Main Road", "12"), (.address, "12 Main Road", "12 Main Street"),
        (.address, "12A Main Road", "12 Main Road"),
        (.address, "12A Main Road", "12B Main Road"), (.address, "12 Main Road", "12 Main"), (.address, "Unit 5, 9 Long Road", "Unit 9, 5 Long Road"),
        (.address, "Unit 5, 9 Long Road", "9 Long Road"), (.address, "21st Street", "21 Street"), (.address, "12 1st Avenue", "12 First Avenue"),
        (.address, "12 3rd Avenue", "12 3 Road Avenue"), (.address, "12 1st Avenue", "12 2nd Avenue"),
        (.address, "12 Main Road, Soweto", "12 Main Road, Alexandra"),
        (.address, "12 Main Road, Soweto", "12 Main Road"), (.address, "12 Main Road", ""), (.address, "12 Main Road", ", ."),
        (.address, "PO Box 12", "PO Box 120"),
        // Neither another postcode nor another country, nor a number that a postcode may not swallow.
        (.address, "12 Main Road, Soweto, 1804", "12 Main Road, Soweto, 1805"),
        (.address, "12 Main Road, Pretoria, 0001", "12 Main Road, Pretoria, 1"),
        (.address, "12 Main Road, Maseru, Lesotho", "12 Main Road, Maseru, South Africa"), (.address, "Main Road, Soweto 1804", "Main Road, Soweto"),
        (.address, "Main Road, Zone 6, 1804", "Main Road, Zone 6"), (.address, "12 Main Road, Soweto 123", "12 Main Road, Soweto"),
        (.address, "5 Angola", "5"),
        (.address, "Main Road Pretoria 0001", "Main Road Pretoria 1"), (.address, "1804", "12 Main Road, Soweto, 1804"),
        (.address, "12 Main Road, Soweto, 8.2E+10", "12 Main Road, Soweto, 82000000000"),
    ]

    @Test(arguments: different) func refusesWhatSaysSomethingElse(_ field: AnswerField, _ one: String, _ other: String) {
        #expect(!AnswerComparison.agrees(field, given: one, stored: other))
        #expect(!AnswerComparison.agrees(field, given: other, stored: one))
    }

    private static let leftOut: [(given: String, stored: String)] = [
        ("12 Main Road, Soweto", "12 Main Road, Soweto, 1804"), ("12 Main Road, Soweto", "12 Main Road, Soweto, South Africa"),
        ("12 Main Road, Soweto", "12 Main Road, Soweto, 1804, South Africa"), ("12 Main Road, Soweto 1804", "12 Main Road, Soweto, 1804, RSA"),
        ("12 Main Road, Soweto, South Africa", "12 Main Road, Soweto, 1804, South Africa"),
        ("12 Main Road, Soweto", "12 Main Road, Soweto, South Africa 1804"),
        ("PO Box 12, Mthatha", "P O Box 12, Mthatha 5099"), ("12 MG Road, Pune", "12 MG Road, Pune 411001, India"),
        ("12 Jalan Merdeka, Bandung", "12 Jalan Merdeka, Bandung 40111, Indonesia"),
    ]

    @Test(arguments: leftOut) func forgivesAPostcodeAndACountryThatOnlyTheStoredAddressHas(_ given: String, _ stored: String) {
        #expect(AnswerComparison.agrees(.address, given: given, stored: stored))
        #expect(!AnswerComparison.agrees(.address, given: stored, stored: given))
    }

    @Test(
        arguments: AnswerField.allCases,
        ["", " ", "\u{A0}\u{200B}", "'", "\u{301}", "8.2E+10", "8,2e+10", " 3.52099E+14 ", "８．２Ｅ＋１０", "-", "\u{1F600}"])
    func neverAgreesWithNothingOrWithARoundedNumberEvenIfItIsStored(_ field: AnswerField, _ text: String) {
        #expect(!AnswerComparison.agrees(field, given: text, stored: text))
        #expect(!AnswerComparison.agrees(field, given: text, stored: "82E10") && !AnswerComparison.agrees(field, given: "82E10", stored: text))
    }

    @Test(arguments: AnswerField.allCases) func isAskedForInWordsThatPeopleRead(_ field: AnswerField) {
        #expect(!field.title.isEmpty && !field.title.contains("_"))
        #expect(AnswerField(rawValue: field.rawValue) == field)
    }

    @Test func keepsTheFieldsNamesOfTheInterface() {
        #expect(AnswerField.allCases.map(\.rawValue) == ["name", "surname", "address", "id_number", "imei"])
    }
}
