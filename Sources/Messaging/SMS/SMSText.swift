/// How a text is carried by SMS, and how much room it takes.
///
/// One character outside the default alphabet sends the whole text as UCS-2, which has less than half of the room.
/// - Source: 3GPP TS 23.038 section 6.2, 3GPP TS 23.040 section 9.2.3.24.1 (concatenation: a header of six bytes in each segment).
package struct SMSText: Sendable, Equatable {
    package enum Encoding: Sendable {
        case gsm7, ucs2

        /// The units of an SMS that stands alone.
        package var unitsAlone: Int { self == .gsm7 ? 160 : 70 }
        /// The units of each segment of several.
        package var unitsInSegment: Int { self == .gsm7 ? 153 : 67 }
    }

    package let encoding: Encoding
    /// Septets, or UTF-16 units.
    package let units: Int
    /// How many SMS are sent and paid for; an empty text is one.
    package let segments: Int

    package var fitsOneSMS: Bool { segments == 1 }

    package init(_ text: String) {
        let septets = text.unicodeScalars.map(GSMAlphabet.septets)
        let sizes: [Int]
        if septets.contains(nil) {
            encoding = .ucs2
            sizes = text.unicodeScalars.map { UTF16.width($0) }
        } else {
            encoding = .gsm7
            sizes = septets.compactMap(\.self)
        }
        units = sizes.reduce(0, +)
        segments = units <= encoding.unitsAlone ? 1 : Self.segments(sizes, each: encoding.unitsInSegment)
    }

    /// Neither an escaped character nor a surrogate pair is cut in two, so a segment may end one unit early.
    private static func segments(_ sizes: [Int], each limit: Int) -> Int {
        var count = 1, used = 0
        for size in sizes {
            if used + size > limit {
                count += 1
                used = 0
            }
            used += size
        }
        return count
    }
}
