/// Cuts what gpsd sends into lines; one without end is passed over, whatever its length.
package struct GPSDLines: Sendable {
    /// Bytes; gpsd's own lines end at 10 KiB.
    package static let longest = 64 * 1024
    private var begun: [UInt8] = []
    private var isTooLong = false

    package init() {}

    /// The lines that these bytes complete, without their ends.
    package mutating func receive(_ bytes: some Collection<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if begun.last == UInt8(ascii: "\r") { begun.removeLast() }
                if !isTooLong, !begun.isEmpty { lines.append(begun) }
                begun = []
                isTooLong = false
            } else if begun.count >= Self.longest {
                begun = []
                isTooLong = true
            } else if !isTooLong {
                begun.append(byte)
            }
        }
        return lines
    }
}
