/// Tells a number that a message came from apart from a sender that is a name.
enum PhoneSender {
    /// The number as the provider wrote it; `nil` for a name (`MTN`), which nobody can answer and anybody can choose.
    static func number(_ from: String) -> String? {
        // A `+` that was not encoded in a form arrives as a space.
        let text = from.hasPrefix(" ") ? "+" + from.dropFirst() : from
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        // Fifteen are the most that E.164 allows; short codes have three and more.
        guard (3...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return text
    }
}
