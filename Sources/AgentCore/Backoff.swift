/// Exponential backoff with full jitter: a random time up to a limit that doubles.
/// - Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
struct Backoff: Sendable {
    private(set) var failures = 0
    let longest: Duration

    init(longest: Duration = Limits.longestBackoff) { self.longest = longest }

    /// How long to wait after one more failure. A server's `Retry-After` is a lower bound, spread so that terminals do not return together.
    mutating func next(retryAfter: Duration?, using generator: inout some RandomNumberGenerator) -> Duration {
        let limit = min(longest, Limits.firstBackoff * (1 << min(failures, 16)))
        failures += 1
        let jitter = Duration.random(upTo: limit, using: &generator)
        guard let retryAfter else { return jitter }
        let asked = min(max(retryAfter, .zero), Limits.longestRetryAfter)
        return max(jitter, asked) + Duration.random(upTo: min(asked, Limits.firstBackoff), using: &generator)
    }

    mutating func reset() { failures = 0 }
}

extension Duration {
    static func random(upTo limit: Duration, using generator: inout some RandomNumberGenerator) -> Duration {
        let (seconds, attoseconds) = limit.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return .microseconds(Int64.random(in: 0...max(0, microseconds), using: &generator))
    }
}
