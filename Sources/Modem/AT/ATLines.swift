/// Cuts what a modem's port sends into lines, whatever portions it comes in. Pure.
///
/// Bytes that are no printable ASCII are passed over: a port that has just been switched on sends some.
package struct ATLines: Sendable {
    /// Bytes; the longest answer that is asked for has about 60. The rest of a longer line is passed over with it.
    package static let longest = 512
    private var begun: [UInt8] = []
    private var isTooLong = false

    package init() {}

    /// The lines that these bytes complete, without their ends, none of them empty.
    package mutating func receive(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                if !begun.isEmpty, !isTooLong { lines.append(String(decoding: begun, as: UTF8.self)) }
                begun = []
                isTooLong = false
            case 0x20...0x7E, UInt8(ascii: "\t"):
                if begun.count < Self.longest { begun.append(byte) } else { isTooLong = true }
            default: break
            }
        }
        return lines
    }
}
