package import Wire

/// The `Retry-After` field: a number of seconds, or a date of the form that HTTP prefers.
/// - Source: RFC 9110 sections 10.2.3 and 5.6.7.
package enum RetryAfter {
    /// What a provider may ask for at most: a longer wait is a mistake, or of no use to whoever waits for an answer.
    package static let longest: Duration = .seconds(86_400)

    /// `nil` when the field is absent or neither of the two; zero for a date that has passed.
    package static func duration(_ field: String?, now: Timestamp) -> Duration? {
        guard let field else { return nil }
        let text = field.drop { $0 == " " }
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // More digits than a number holds are more than a day as well.
            return Int64(text).map { min(.seconds($0), longest) } ?? longest
        }
        guard let moment = moment(text) else { return nil }
        return min(max(.milliseconds(moment.unixMilliseconds - now.unixMilliseconds), .zero), longest)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, and no other form.
    private static func moment(_ text: Substring) -> Timestamp? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT", words[1].utf8.count == 2, words[3].utf8.count == 4,
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
