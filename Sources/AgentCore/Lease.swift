import Wire

/// A verified lease that runs on boot time from the moment its request was sent.
struct Lease: Sendable, Equatable {
    /// Boot time at which it has run out.
    let end: Duration
    let revision: Revision
    /// Seconds to ask for in the next poll.
    let wait: Int

    init(_ claims: LeaseClaims, sentAt: Duration) {
        let ttl = min(Duration.seconds(max(0, claims.ttl)), Limits.longestLease)
        end = sentAt + ttl
        revision = claims.rev
        wait = Self.wait(asked: claims.wait, ttl: ttl)
    }

    func remaining(at now: Duration) -> Duration { max(.zero, end - now) }

    /// A lease counts from when its poll was sent, so two waits and their round trips must fit into one: otherwise it would run
    /// out on a healthy network. 240 s give 110 s.
    private static func wait(asked: Int, ttl: Duration) -> Int {
        let seconds = Int(ttl.components.seconds)
        return min(max(1, asked), max(1, seconds / 2 - min(10, max(1, seconds / 12))))
    }
}
