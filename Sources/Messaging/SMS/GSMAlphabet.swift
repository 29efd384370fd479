/// The characters that SMS and USSD carry in seven bits each.
/// - Source: 3GPP TS 23.038 sections 6.2.1 (default alphabet) and 6.2.1.1 (extension table).
enum GSMAlphabet {
    /// One septet each. The default alphabet has 128 places, one of which is the escape to the extension table.
    static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
            .unicodeScalars)
    /// The escape and one more septet each.
    static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)

    /// How many septets the character takes; `nil` when the alphabet does not have it.
    static func septets(_ scalar: Unicode.Scalar) -> Int? {
        basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
    }
}
