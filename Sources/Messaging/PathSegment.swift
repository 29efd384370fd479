/// One segment of a URL's path, made of a text that is somebody else's.
enum PathSegment {
    /// Everything but the unreserved characters of RFC 3986 section 2.3 is percent-encoded.
    static func encode(_ text: String) -> String {
        // Both would be taken out of the path (section 5.2.4), in percent form too: in their place an identifier that nothing has.
        if text == "." || text == ".." { return "_" }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
