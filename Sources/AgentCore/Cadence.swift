/// How long a poll is left parked, learned from what became of those before.
///
/// A quiet network that keeps an idle connection for long is asked seldom. One whose NAT forgets it (the poll's answer never arrives, and
/// a new connection works at once) is asked so often that the connection never falls idle for that long again.
struct Cadence: Sendable, Equatable {
    /// Seconds; the server makes a lease longer by what it parked a poll for, up to this. `nil`: it does not.
    var longest: Int?
    /// Seconds that are tried; `nil`: what the lease asks for.
    private(set) var level: Int?
    /// Seconds after which a connection was lost without a word.
    private(set) var lost: Int?
    /// Polls that lived since then.
    private var lived = 0
    /// The wait of a poll that was never answered, until it shows whether the connection or the network was lost.
    private var suspect: Int?

    /// Seconds to ask for.
    /// - Parameters:
    ///   - base: what the lease asks for; two of them and their round trips fit into a lease.
    ///   - remaining: of the lease: the answer has to come before it runs out.
    func wait(base: Int, remaining: Duration) -> Int {
        let seconds = Int(max(0, remaining.components.seconds))
        guard seconds >= base else { return max(0, seconds - Limits.renewalMargin) }
        let roof = max(base, min(longest ?? base, seconds - Limits.renewalMargin))
        return min(level ?? base, roof)
    }

    /// A poll that asked for `wait` was answered after `elapsed`; the lease asked for `base`.
    mutating func answered(_ wait: Int, after elapsed: Duration, base: Int) {
        // The server cuts a wait by up to a sixteenth.
        guard wait >= Limits.shortestLevel, elapsed >= .seconds(wait - wait / 16 - 1) else { return }
        lived += 1
        if lived > Limits.forgivingPolls { lost = nil }
        guard wait >= level ?? wait else { return }
        let next = min(wait + wait / 2, max(base, longest ?? base))
        guard next < lost ?? .max else { return }
        level = next == base ? nil : next
    }

    /// A poll that asked for `wait` had no answer in time.
    mutating func unanswered(_ wait: Int) { suspect = wait >= Limits.shortestLevel ? wait : nil }

    /// The server is heard again, `silence` after the first failure.
    mutating func heard(after silence: Duration) {
        defer { suspect = nil }
        // A longer silence is the network's, and says nothing about connections.
        guard let suspect, silence <= Limits.lostConnection else { return }
        lost = min(suspect, lost ?? suspect)
        level = max(Limits.shortestLevel, suspect / 2)
        lived = 0
    }
}
