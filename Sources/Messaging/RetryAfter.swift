package import Wire

/// How long a server asks to be left alone.
/// - Source: RFC 9110 section 10.2.3 (seconds, or a date), 5.6.7 (the date; its two obsolete forms are not read).
package enum RetryAfter {
    /// Longer than a provider asks for in earnest: a wrong clock over there must not silence an answer for a year.
    package static let longest = Duration.seconds(86_400)

    /// At most a day; `nil` where the field says nothing that can be read, or asks for no wait at all: then the sender's own backoff counts.
    package static func duration(_ field: String?, now: Timestamp) -> Duration? {
        guard let field else { return nil }
        let text = field.drop { $0 == " " }
        let duration: Duration
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // More digits than an Int64 has is longer than a day too.
            duration = Int64(text).map { .seconds(min($0, longest.components.seconds)) } ?? longest
        } else if let moment = date(text) {
            duration = .milliseconds(moment.unixMilliseconds - now.unixMilliseconds)
        } else {
            return nil
        }
        return duration > .zero ? min(duration, longest) : nil
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: Substring) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].hasSuffix(","), parts[1].utf8.count == 2, let month = months.firstIndex(of: String(parts[2])),
            parts[3].utf8.count == 4, parts[4].utf8.count == 8, parts[5] == "GMT"
        else { return nil }
        return Timestamp("\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }
}
