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

        /// Seconds of a lease that must be left when the answer to the next poll comes.
        private static let margin = 20
        /// Seconds; with the margin a lease then stays under the five minutes that a thief needs.
        private static let usualLongestWait = 270

        /// - Parameter longestWait: `nil`: 270 where leases run as long as usual, otherwise what they can bear.
        package init(ttl: Int = 240, wait: Int = 110, longestWait: Int? = nil, cap: Int64? = nil) {
            self.ttl = ttl
            self.wait = wait
            self.longestWait = longestWait ?? max(wait, ttl < 240 ? ttl - Self.margin : Self.usualLongestWait)
            self.cap = cap
        }

        /// Whether polls may be longer than `wait`.
        private var grows: Bool { longestWait > wait }

        /// Seconds that a lease can run beyond its signature.
        package var longestLease: Int { grows ? max(ttl, longestWait + Self.margin) : ttl }

        /// Seconds between two polls of a terminal that is in touch, at most.
        var longestSilence: Int { grows ? longestWait + Self.margin : ttl }

        /// Seconds beyond `ttl` of a lease that answers a poll of `asked` seconds after it was parked for `parked`.
        ///
        /// A terminal counts from when it sent its request, which was not after this server began to park it: so what it was parked for is
        /// added, and a lease runs at most `longestLease` beyond its signature. A terminal whose polls live asks for half as much again.
        func extra(asked: Int, parked: Duration) -> Int {
            guard grows, asked >= wait else { return 0 }
            return min(asked, max(0, Int(parked.components.seconds))) + max(0, min(longestWait, asked + asked / 2) + Self.margin - ttl)
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
    ///   - nextCode: the first offline code that counts still; `nil`: nothing is said of them.
    ///   - extra: seconds beyond the terms' `ttl`.
    func issue(
        imei: IMEI, channel: ChannelCode, state: LockState, facts: LockFacts, command: OpenCommand?, nextCode: Int64?, nonce: String,
        extra: Int = 0, now: Timestamp
    ) throws -> [UInt8] {
        var claims = LeaseClaims(
            sub: imei, chn: channel, acc: facts.account?.reference, rev: state.revision, locked: state.isLocked, iat: now.unixSeconds,
            ttl: terms.ttl + extra, nonce: nonce, wait: terms.wait, cap: terms.cap)
        if let first = state.reasons.first {
            claims.blocked = Self.blocked
            claims.reasons = state.reasons.map(\.rawValue)
            claims.msg = Catalogue.of(facts.account?.language ?? "en").sentence(for: first)
        }
        claims.next_code = nextCode
        if let command = command?.command(now: now) { claims.cmds = [command] }
        metrics.leasesSigned.increment()
        return try signer.sign(claims.encoded())
    }

    private static let blocked = Operation.spending.map(\.rawValue)
}
