import FoundationEssentials

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

    /// Reads RFC 3339 with or without a fraction; `nil` for anything else, years beyond 9999 included.
    package init?(_ text: String) {
        // The two styles exclude each other, so a failure of the first is no news.
        guard let date = (try? Self.style.parse(text)) ?? (try? Self.wholeSeconds.parse(text)) else { return nil }
        // The parser takes years of ten digits, which no Int64 of milliseconds holds.
        guard let milliseconds = Int64(exactly: (date.timeIntervalSince1970 * 1000).rounded()), (Self.earliest...Self.latest).contains(milliseconds)
        else { return nil }
        unixMilliseconds = milliseconds
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeSeconds = Date.ISO8601FormatStyle()

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
