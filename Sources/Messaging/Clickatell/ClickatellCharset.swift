/// The character sets of Clickatell's callbacks.
enum ClickatellCharset {
    /// The text as it was written. In the two sets other than UTF-8 its bytes are encoded as in a form; an unknown set is left as it came.
    static func decode(_ text: String, charset: String?) -> String {
        // Characters that no form has in it: the text was not encoded, and what looks encoded was written so.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return switch (charset ?? "").uppercased().filter({ $0 != "-" && $0 != "_" && $0 != " " }) {
        case "ISO88591": latin1(FormData.decode(text.utf8))
        // Letters of any alphabet have bytes that a form encodes; a text without them is not pairs of bytes.
        case "UTF16BE": text.utf8.contains(UInt8(ascii: "%")) ? utf16(FormData.decode(text.utf8)) : text
        default: text
        }
    }

    /// Each byte is the scalar of its number.
    private static func latin1(_ bytes: [UInt8]) -> String {
        var decoded = String.UnicodeScalarView()
        for byte in bytes { decoded.append(Unicode.Scalar(byte)) }
        return String(decoded)
    }

    /// Half a character at the end, or half of a pair, is replaced.
    private static func utf16(_ bytes: [UInt8]) -> String {
        var units: [UInt16] = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        if !bytes.count.isMultiple(of: 2) { units.append(0xFFFD) }
        return String(decoding: units, as: UTF16.self)
    }
}
