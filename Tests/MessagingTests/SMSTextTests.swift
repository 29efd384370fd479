import Messaging
import Testing

struct SMSTextTests {
    @Test(arguments: [
        ("", 0, 1), (String(repeating: "a", count: 160), 160, 1), (String(repeating: "a", count: 161), 161, 2),
        (String(repeating: "a", count: 306), 306, 2), (String(repeating: "a", count: 307), 307, 3),
        (String(repeating: "a", count: 158) + "€", 160, 1), (String(repeating: "a", count: 159) + "€", 161, 2), ("^{}\\[~]|€\u{0C}", 20, 1),
        (String(repeating: "€", count: 80), 160, 1), (String(repeating: "€", count: 81), 162, 2), ("line\r\nline", 10, 1),
        // The escape does not stand at the end of a segment: 152 and 76 pairs leave one septet unused in each.
        (String(repeating: "€", count: 153), 306, 3),
        (
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà", 127,
            1
        ),
    ])
    func countsSeptets(_ text: String, _ units: Int, _ segments: Int) {
        let counted = SMSText(text)
        #expect(counted.encoding == .gsm7)
        #expect(counted.units == units)
        #expect(counted.segments == segments)
        #expect(counted.fitsOneSMS == (segments == 1))
    }

    @Test(arguments: [
        ("अ", 1, 1), (String(repeating: "अ", count: 70), 70, 1), (String(repeating: "अ", count: 71), 71, 2),
        (String(repeating: "अ", count: 134), 134, 2), (String(repeating: "अ", count: 135), 135, 3), (String(repeating: "a", count: 69) + "ê", 70, 1),
        (String(repeating: "a", count: 70) + "ê", 71, 2), (String(repeating: "🔒", count: 35), 70, 1), (String(repeating: "🔒", count: 36), 72, 2),
        // A pair is not cut: 33 of them fill 66 of 67 units.
        (String(repeating: "🔒", count: 67), 134, 3), ("`", 1, 1), ("ç", 1, 1), ("e\u{301}", 2, 1), ("’", 1, 1), ("a\u{A0}b", 3, 1), ("👩‍🔧", 5, 1),
    ])
    func countsUTF16WhereTheAlphabetDoesNotDo(_ text: String, _ units: Int, _ segments: Int) {
        let counted = SMSText(text)
        #expect(counted.encoding == .ucs2)
        #expect(counted.units == units)
        #expect(counted.segments == segments)
        #expect(counted.fitsOneSMS == (segments == 1))
    }
}
