import LockRules
import Messaging
package import Signing
import Wire

/// Signs the lock state for one request.
package struct LeaseIssuer: Sendable {
    package struct Terms: Sendable, Equatable {
        /// Seconds a lease runs.
        package var ttl: Int
        /// Seconds a terminal is asked to wait in its next poll.
        package var wait: Int
        /// Seconds that a terminal on a quiet network may ask for instead.
        package var longestWait: Int
        /// Cents that may be spent on one lease; `nil`: no cap.
        package var cap: Int64?

        /// Seconds of a lease that must be left when the answer to the longest poll comes.
        private static let margin = 20

        /// - Parameter longestWait: `nil`: as long as a lease can bear.
        package init(ttl: Int = 240, wait: Int = 110, longestWait: Int? = nil, cap: Int64? = nil) {
            self.ttl = ttl
            self.wait = wait
            self.longestWait = longestWait ?? max(wait, ttl - Self.margin)
            self.cap = cap
        }

        /// Seconds after a poll came in when no lease that answers it can still run.
        var longestLease: Int { longestWait > wait ? ttl + longestWait : ttl }

        /// Seconds by which a lease is longer that answers a poll of `asked` seconds after it was parked for `parked`.
        ///
        /// A terminal counts from when it sent its request, of which this server has seen at least what it parked it for. So a lease never
        /// runs more than `ttl` beyond its signature, and a poll may be as long as that.
        func extra(asked: Int, parked: Duration) -> Int {
            longestWait > wait && asked >= wait ? min(longestWait, max(0, Int(parked.components.seconds))) : 0
        }
    }

    package let terms: Terms
    private let signer: CompactJWS.Signer
    private let metrics: Metrics

    package init(key: Ed25519PrivateKey, terms: Terms, metrics: Metrics) throws {
        self.terms = terms
        self.metrics = metrics
        signer = try CompactJWS.Signer(key: key, type: LeaseClaims.type)
    }

    /// - Parameters:
    ///   - facts: whose account names the `acc` claim, which is absent when there is no such account.
    ///   - command: what the terminal is being asked.
    ///   - extra: seconds beyond the terms' `ttl`.
    func issue(
        imei: IMEI, channel: ChannelCode, state: LockState, facts: LockFacts, command: OpenCommand?, nonce: String, extra: Int = 0, now: Timestamp
    ) throws -> [UInt8] {
        var claims = LeaseClaims(
            sub: imei, chn: channel, acc: facts.account?.reference, rev: state.revision, locked: state.isLocked, iat: now.unixSeconds,
            ttl: terms.ttl + extra, nonce: nonce, wait: terms.wait, cap: terms.cap)
        if let first = state.reasons.first {
            claims.blocked = Self.blocked
            claims.reasons = state.reasons.map(\.rawValue)
            claims.msg = Catalogue.of(facts.account?.language ?? "en").sentence(for: first)
        }
        if let command = command?.command(now: now) { claims.cmds = [command] }
        metrics.leasesSigned.increment()
        return try signer.sign(claims.encoded())
    }

    private static let blocked = Operation.spending.map(\.rawValue)
}
