/// What is looked at before a message is parsed.
enum MessageCheck {
    /// Objects and lists within each other: ours have three levels.
    static let depthLimit = 32

    /// Refuses bytes that are not UTF-8 and nesting that would cost the parser its stack.
    static func check(_ message: ArraySlice<UInt8>) throws(VarlinkError) {
        var depth = 0
        var deepest = 0
        var inString = false
        var escaped = false
        var high: UInt8 = 0
        for byte in message {
            high |= byte
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        guard deepest <= depthLimit else { throw VarlinkError(.malformed, "a message is nested deeper than \(depthLimit) levels") }
        if high >= 0x80, String(validating: message, as: UTF8.self) == nil { throw VarlinkError(.malformed, "a message is not UTF-8") }
    }
}
