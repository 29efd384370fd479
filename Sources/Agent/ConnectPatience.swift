private import HTTPClient

/// How long a new connection may take.
///
/// A SYN that nobody hears is repeated by the kernel after 1, 3 and 7 seconds (since Linux 6.5 after 1, 2, 3 and 4), so who waits for one
/// connection notices a network that is back only then. While nobody answers, short tries notice it within a second. Longer ones in
/// between serve a link whose answers take that long; one that was answered and given up is followed by one that is waited for.
package struct ConnectPatience: Sendable, Equatable {
    /// While somebody answers: many terminals at once may keep a server busy for seconds, and who gives up only adds to its work.
    static let longest = Duration.seconds(10)
    /// Of the longest in silence: the answer to a SYN is all that it waits for.
    static let long = Duration.seconds(5)
    static let shortest = Duration.milliseconds(800)
    /// One of so many tries in silence is long enough for a SYN that is repeated after a second, one of so many is `long`.
    static let (repeatedEach, longEach) = (8, 64)

    private var quick = ConnectPatience.shortest
    /// Requests in a row that nobody answered in time.
    private var silent = 0

    package init() {}

    package var timeout: Duration {
        if silent == 0 { return Self.longest }
        if silent % Self.longEach == 0 { return max(quick, Self.long) }
        return silent % Self.repeatedEach == 0 ? min(Self.longest, quick + .milliseconds(1200)) : quick
    }

    /// - Returns: whether it was given up early, so that the next one is waited for.
    @discardableResult package mutating func note(_ result: ServerAnswers.Result) -> Bool {
        let wasShort = silent > 0
        switch result {
        case .success(let answer):
            silent = 0
            // TCP and TLS are two round trips.
            if let time = answer.roundTrip { quick = min(Self.longest, max(Self.shortest, time * 5 / 2)) }
            return false
        case .failure(let error):
            silent = error.isSilence || (error.code == .timeout && !error.isSlowConnection) ? silent + 1 : 0
            return error.isSlowConnection && wasShort
        }
    }
}
