package import Wire

/// One SMS that a stand-in took.
package struct SentSMS: Sendable {
    package let time: Timestamp
    /// As the client wrote it.
    package let to: String
    package let from: String?
    package let body: String
    /// The provider's identifier.
    package let id: String
    /// How many messages the network makes of it.
    package let segments: Int

    init(to: String, from: String?, body: String, id: String) {
        time = Timestamp(unixMilliseconds: Int64(wallSeconds() * 1000))
        self.to = to
        self.from = from
        self.body = body
        self.id = id
        segments = Self.segments(of: body)
    }

    /// The default alphabet, and what takes two places of it.
    /// - Source: 3GPP TS 23.038 section 6.2.1
    private static let basic = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            .unicodeScalars)
    private static let extended = Set("\u{C}^{}\\[~]|€".unicodeScalars)

    /// Counted here on its own: 160 places of 7 bits or 70 of 16, in parts 153 or 67.
    static func segments(of text: String) -> Int {
        var places = 0
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) {
                places += 1
            } else if extended.contains(scalar) {
                places += 2
            } else {
                let units = text.utf16.count
                return units <= 70 ? 1 : (units + 66) / 67
            }
        }
        return places <= 160 ? 1 : (places + 152) / 153
    }
}

/// E.164 as the SMS providers ask for it.
func isE164(_ text: String, plus: Bool) -> Bool {
    let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
    return text.hasPrefix("+") == plus && (7...15).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        && digits.first != "0"
}

/// A number, a short code, or up to eleven letters and digits.
func isSender(_ text: String) -> Bool {
    isE164(text, plus: true)
        || (1...11).contains(text.utf8.count) && text.utf8.allSatisfy { $0 < 0x80 } && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == " " }
}
