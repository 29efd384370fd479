/// The server's wall clock as far as it is known. Terminals often have a wrong one, and a token must carry the right time;
/// nothing else goes by it.
package struct ServerClock: Sendable {
    /// Seconds to add to our own clock.
    package private(set) var offset: Int64 = 0
    /// Smaller differences are the network's.
    private static let tolerance: Int64 = 2

    package init() {}

    package func now(unixMilliseconds: Int64) -> Int64 { unixMilliseconds / 1000 + offset }

    /// Takes the `Date` of an answer; says whether our time was wrong.
    package mutating func correct(date: String?, unixMilliseconds: Int64) -> Bool {
        guard let date, let theirs = HTTPDate.unixSeconds(date) else { return false }
        let difference = theirs - now(unixMilliseconds: unixMilliseconds)
        guard abs(difference) > Self.tolerance else { return false }
        offset += difference
        return true
    }
}
