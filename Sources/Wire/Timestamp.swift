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

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeSeconds = Date.ISO8601FormatStyle()

    /// The milliseconds are written from the integer: through a `Date`'s floating point some come out one too low.
    package var description: String {
        let milliseconds = ((unixMilliseconds % 1000) + 1000) % 1000
        let whole = Date(timeIntervalSince1970: Double((unixMilliseconds - milliseconds) / 1000)).formatted(Self.wholeSeconds)
        return "\(whole.dropLast()).\(milliseconds / 100)\(milliseconds / 10 % 10)\(milliseconds % 10)Z"
    }

    /// Reads RFC 3339 with or without a fraction; `nil` for anything else.
    package init?(_ text: String) {
        // The two styles exclude each other, so a failure of the first is no news.
        guard let date = (try? Self.style.parse(text)) ?? (try? Self.wholeSeconds.parse(text)) else { return nil }
        unixMilliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
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
