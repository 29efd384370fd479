import PhoneNumbers
import TestSupport
import Testing

/// How people write their numbers.
struct PhoneNumberTests {
    /// Text, region, number.
    private static let written: [(String, String, String)] = [
        // One number, as a vendor, a colleague and a telephone write it.
        ("0821234567", "ZA", "+27821234567"),
        ("082 123 4567", "ZA", "+27821234567"),
        ("(082) 123-4567", "ZA", "+27821234567"),
        ("082.123.4567", "ZA", "+27821234567"),
        ("082/1234567", "ZA", "+27821234567"),
        ("821234567", "ZA", "+27821234567"),
        ("27821234567", "ZA", "+27821234567"),
        ("27 0821234567", "ZA", "+27821234567"),
        ("+27821234567", "ZA", "+27821234567"),
        ("+27 (0)82 123-4567", "ZA", "+27821234567"),
        ("(+27) 82 123 4567", "ZA", "+27821234567"),
        ("+270821234567", "ZA", "+27821234567"),
        ("0027821234567", "ZA", "+27821234567"),
        ("00 27 (0)82 123 4567", "ZA", "+27821234567"),
        ("\u{660}\u{668}\u{662}\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}", "ZA", "+27821234567"),
        ("\u{FF0B}\u{FF12}\u{FF17}\u{FF18}\u{FF12}1234567", "ZA", "+27821234567"),
        ("082\u{A0}123\u{202F}4567", "ZA", "+27821234567"),
        ("082\u{2011}123\u{2013}4567", "ZA", "+27821234567"),
        ("\u{202A}+27 82 123 4567\u{202C}", "ZA", "+27821234567"),
        ("\u{FEFF}082\u{200B}1234567\u{200F}\n", "ZA", "+27821234567"),
        ("\t082 123 4567  ", "ZA", "+27821234567"),
        // Every country of the trade, as written at home and abroad.
        ("0955 123 456", "ZM", "+260955123456"),
        ("260955123456", "ZM", "+260955123456"),
        ("260955123456", "ZA", "+260955123456"),
        ("+260 (0)955 123456", "ZA", "+260955123456"),
        ("081 123 4567", "NA", "+264811234567"),
        ("264811234567", "ZA", "+264811234567"),
        ("71 123 456", "BW", "+26771123456"),
        ("26771123456", "BW", "+26771123456"),
        ("26771123456", "ZA", "+26771123456"),
        ("+267 (0)71 123 456", "BW", "+26771123456"),
        ("00267 (0)71 123 456", "ZA", "+26771123456"),
        ("50123456", "LS", "+26650123456"),
        ("26650123456", "ZA", "+26650123456"),
        ("76123456", "SZ", "+26876123456"),
        ("26876123456", "ZA", "+26876123456"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("06 12345678", "IT", "+390612345678"),
        ("+39 06 12345678", "ZA", "+390612345678"),
        ("98765 43210", "IN", "+919876543210"),
        ("(204) 234-5678", "CA", "+12042345678"),
        ("00 27 82 123 4567", "CA", "+27821234567"),
        ("011 27 82 123 4567", "CA", "+27821234567"),
        // Given out in Zambia after the metadata of Debian 12.
        ("0571234567", "ZM", "+260571234567"),
        ("571234567", "ZM", "+260571234567"),
        ("260571234567", "ZM", "+260571234567"),
        ("260571234567", "ZA", "+260571234567"),
        ("+260571234567", "ZA", "+260571234567"),
        // The `+` left out in another country.
        ("27821234567", "ZM", "+27821234567"),
        ("27821234567", "BW", "+27821234567"),
        ("27821234567", "NA", "+27821234567"),
        ("27821234567", "LS", "+27821234567"),
        // Also as long as a mobile number of that country, but in none of its ranges.
        ("27821234567", "DE", "+27821234567"),
        // Short numbers of small countries.
        ("+290 8123", "ZA", "+2908123"),
    ]

    @Test(arguments: written) func reads(_ text: String, _ region: String, _ number: String) throws {
        #expect(try PhoneNumberReader(region: region).number(text)?.e164 == number)
    }

    private static let noNumbers = [
        "", " ", "+", "()", "0", "00", "000000000", "none", "n/a",
        // A number and something else.
        "call 0821234567", "0821234567 (Thandi)", "0821234567 ext. 5", "0821234567x5", "0821234567;ext=5", "0821234567#5", "tel:+27821234567",
        "0821234567, 0731234567", "0821234567;", "*0821234567",
        // Keys with letters.
        "1-800-FLOWERS", "+1 800 FLOWERS", "082 TAXI123",
        // Cut short, too long, or of no country.
        "7112345", "0711234", "0711234567890", "2771123456", "082123456", "08212345678", "+27", "+2782", "+2908123456", "1234567890", "+0821234567",
        "+999821234567", "+1 234 5678", "123456789012345678901234567890",
        // Signs in the wrong place.
        "++27821234567", "27+821234567", "0821234567+", "+ +27821234567", "-+27821234567\u{0}",
        // No digits of a number: a key cap, superscripts, a word.
        "0\u{FE0F}\u{20E3}821234567", "\u{2070}\u{2078}\u{00B2}1234567", "zero eight two",
        String(repeating: " ", count: 100) + "0821234567",
    ]

    @Test(arguments: noNumbers) func refuses(_ text: String) throws {
        #expect(try PhoneNumberReader(region: "ZA").number(text) == nil)
    }

    @Test func asksForThePlusWhereDigitsHaveTwoGoodReadings() throws {
        let reader = try PhoneNumberReader(region: "US")
        // Complete as a number of the United States and, with the `+` left out, as a mobile number of Singapore.
        #expect(reader.number("6592345678") == nil)
        #expect(reader.number("+1 659 234 5678")?.e164 == "+16592345678")
        #expect(reader.number("+65 9234 5678")?.e164 == "+6592345678")
        // A landline of Germany, or a mobile number of a range that Zambia gave out later.
        #expect(try PhoneNumberReader(region: "DE").number("260571234567") == nil)
        // As a landline of Hungary only: few link one, and a tenth of the national numbers would have to be asked for.
        #expect(reader.number("3612345678")?.e164 == "+13612345678")
    }

    @Test(arguments: ["ZA", "ZM", "NA", "BW", "LS", "SZ", "DE", "IN", "ID", "PT", "BR", "MZ", "za"]) func knowsTheRegion(_ region: String) throws {
        #expect(try PhoneNumberReader(region: region).region == region.uppercased())
    }

    @Test(arguments: ["", "Z", "ZZ", "QQ", "ZAF", "001", "27", "Z\u{0}", "z a", "\u{DF}"]) func refusesARegionThatTheLibraryDoesNotKnow(
        _ region: String
    ) {
        let error = #expect(throws: PhoneNumberError.self) { try PhoneNumberReader(region: region) }
        #expect(error?.code == .unknownRegion)
        #expect(error?.description.contains("'\(region)'") == true)
    }
}
