/// A moment of the wall clock in Unix milliseconds; in JSON an RFC 3339 text in UTC, `2026-11-21T20:00:00.123Z`.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let unixMilliseconds: Int64

    package init(unixMilliseconds: Int64) {
        self.unixMilliseconds = unixMilliseconds
    }

    package var unixSeconds: Int64 { unixMilliseconds / 1000 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.unixMilliseconds < right.unixMilliseconds }

    package func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(unixMilliseconds: unixMilliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// `2026-11-21T20:00:00.123Z`.
    ///
    /// By hand, because every note and event carries times, and Foundation's calendar takes some hundred times as long.
    package var description: String {
        let (day, millisecond) = Self.divide(min(max(unixMilliseconds, Self.earliest), Self.latest), by: 86_400_000)
        let (year, month, dayOfMonth) = Self.civil(fromDay: day)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func append(_ value: Int64, digits: Int, _ separator: Character) {
            var divisor: Int64 = 1
            for _ in 1..<digits { divisor *= 10 }
            while divisor > 0 {
                text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
                divisor /= 10
            }
            text.append(separator.asciiValue ?? 0)
        }
        append(year, digits: 4, "-")
        append(month, digits: 2, "-")
        append(dayOfMonth, digits: 2, "T")
        append(millisecond / 3_600_000, digits: 2, ":")
        append(millisecond / 60_000 % 60, digits: 2, ":")
        append(millisecond / 1000 % 60, digits: 2, ".")
        append(millisecond % 1000, digits: 3, "Z")
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 with or without a fraction, its offset also without a colon; `nil` for anything else.
    ///
    /// By hand, because Foundation's parser takes what stands behind the time, years of two digits, and a calendar that is Julian before 1582.
    package init?(_ text: String) {
        var reader = TimeReader(text)
        guard let year = reader.number(4), reader.passes("-"), let month = reader.number(2), reader.passes("-"), let day = reader.number(2),
            reader.passes("T") || reader.passes("t"), let hour = reader.number(2), reader.passes(":"), let minute = reader.number(2),
            reader.passes(":"), let second = reader.number(2), let thousandths = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        // A leap second is the next minute's first, as everywhere in Unix.
        guard (1...12).contains(month), day >= 1, hour <= 23, minute <= 59, second <= 60 else { return nil }
        let date = Self.day(ofCivil: year, month, day)
        guard Self.civil(fromDay: date) == (year, month, day) else { return nil }
        let milliseconds = ((date * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + thousandths
        guard (Self.earliest...Self.latest).contains(milliseconds) else { return nil }
        unixMilliseconds = milliseconds
    }

    /// RFC 3339 writes the years 0 to 9999; a time beyond them is written as the nearest that it can.
    private static let earliest: Int64 = -62_167_219_200_000
    private static let latest: Int64 = 253_402_300_799_999

    /// Rounded down, also below zero.
    private static func divide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The Gregorian date of a day counted from 1970-01-01: years are counted from March, so that the leap day is the last of its year.
    private static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divide(day + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// The reverse of `civil`.
    private static func day(ofCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, yearOfEra) = divide(month <= 2 ? year - 1 : year, by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let moment = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "A time is written like 2026-11-21T20:00:00Z (RFC 3339).")
        }
        self = moment
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Reads the parts of a time from left to right.
private struct TimeReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func passes(_ sign: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func digit() -> Int64? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }

    /// Exactly so many digits.
    mutating func number(_ count: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// Thousandths, rounded; 0 where there is no point, `nil` where there is nothing behind it.
    mutating func fraction() -> Int64? {
        guard passes(".") else { return 0 }
        guard var thousandths = digit().map({ $0 * 100 }) else { return nil }
        thousandths += (digit() ?? 0) * 10
        thousandths += digit() ?? 0
        if let fourth = digit(), fourth >= 5 { thousandths += 1 }
        while digit() != nil {}
        return thousandths
    }

    /// Minutes to the east.
    mutating func offset() -> Int64? {
        if passes("Z") || passes("z") { return 0 }
        let sign: Int64 = passes("+") ? 1 : -1
        guard sign > 0 || passes("-"), let hours = number(2), hours <= 23 else { return nil }
        _ = passes(":")
        guard let minutes = number(2), minutes <= 59 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
