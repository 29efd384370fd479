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
        /// Cents that may be spent on one lease; `nil`: no cap.
        package var cap: Int64?

        package init(ttl: Int = 240, wait: Int = 110, cap: Int64? = nil) {
            self.ttl = ttl
            self.wait = wait
            self.cap = cap
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
    func issue(
        imei: IMEI, channel: ChannelCode, state: LockState, facts: LockFacts, command: OpenCommand?, nonce: String, now: Timestamp
    ) throws -> [UInt8] {
        var claims = LeaseClaims(
            sub: imei, chn: channel, acc: facts.account?.reference, rev: state.revision, locked: state.isLocked, iat: now.unixSeconds,
            ttl: terms.ttl, nonce: nonce, wait: terms.wait, cap: terms.cap)
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
