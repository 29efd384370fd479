/// When folded events are written: a second after the first, then less and less often while they keep coming.
struct Flush: Sendable, Equatable {
    private static let shortest = Duration.seconds(1)
    private static let longest = Duration.seconds(60)

    /// When; `nil` while nothing waits.
    private(set) var at: Duration?
    private var interval = shortest
    private var last: Duration?

    mutating func request(now: Duration) {
        guard at == nil else { return }
        if let last, now - last < Self.longest { interval = min(Self.longest, interval * 4) } else { interval = Self.shortest }
        at = now + interval
    }

    /// Whether nothing was written lately: a write more does no harm.
    func isCalm(now: Duration) -> Bool { last.map { now - $0 >= Self.longest } ?? true }

    mutating func done(now: Duration) {
        at = nil
        last = now
    }
}
