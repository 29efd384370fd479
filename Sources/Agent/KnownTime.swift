package import Platform

/// Whether this terminal's wall clock can be right: only then do the dates in the server's certificate count.
///
/// A terminal with an empty clock battery starts in 1970, where every certificate is still to come, and anybody may set the clock. So:
/// - Once the server has been heard, its signed time (`iat` of the last lease) runs on with the boot clock. The wall clock counts while it
///   agrees with that.
/// - Before, it counts unless it is behind a moment that has passed for certain: this release, the enrolment.
///
/// Where it does not count, dates are not checked, while authority, name and pins are. Who sets the clock gains that an expired
/// certificate is taken, of the same authority and with pins of the same key. That is no lease, which is signed by another key for one
/// nonce, and no lease runs longer, which is the boot clock's. A clock that is ahead when the agent starts cannot be told from a right
/// one. So a terminal that has pins checks no dates until it has heard the server (`ServerTrust.options`); to one without pins certificates
/// look expired, and nothing is spent until the clock is put right, or an offline code is typed.
package struct KnownTime: Sendable {
    /// This release did not exist before: 2026-11-01T00:00:00Z. In Unix seconds, as all here.
    package static let release: Int64 = 1_793_491_200
    /// Larger differences are no network's and no second's rounding. Less than the shortest common lease, so that a certificate that is used
    /// in the minute it was made costs no sale.
    private static let tolerance: Int64 = 60

    private let past: Int64
    private var heard: (time: Int64, at: Uptime)?

    /// - Parameter past: a moment that has passed, if one is known.
    package init(past: Int64?) { self.past = max(past ?? 0, Self.release) }

    /// Takes the server's signed time.
    package mutating func hear(_ unixSeconds: Int64, at moment: Uptime) { heard = (unixSeconds, moment) }

    /// The server's time as it runs on; `nil` until it was heard.
    package func now(at moment: Uptime) -> Int64? {
        heard.map { $0.time.addingReportingOverflow((moment - $0.at).components.seconds).partialValue }
    }

    package func isPossible(wallSeconds: Int64, at moment: Uptime) -> Bool {
        guard let now = now(at: moment) else { return wallSeconds >= past }
        let (difference, overflow) = wallSeconds.subtractingReportingOverflow(now)
        return !overflow && (-Self.tolerance...Self.tolerance).contains(difference)
    }
}
