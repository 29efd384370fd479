/// Something a terminal reports. `seq` counts up per terminal and never restarts; the other fields belong to the kind.
package struct TerminalEvent: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, CaseIterable, Sendable {
        case started
        /// `operation`, `amount_cents`, `reason`, `count` when folded.
        case gateRefused = "gate_refused"
        /// `revision`, `latency_ms`.
        case enforced
        /// `why`.
        case leaseRejected = "lease_rejected"
        /// `from`, `until`.
        case offline
        /// `lat`, `lon`, `accuracy_m`, `source`, `fixed_at`, `command` when it was asked; without a fix `why`, and `cell` when that is known.
        case location
        /// `what`.
        case tamper
        /// `counter`, `action`, `hours` when it has any.
        case codeUsed = "code_used"
    }

    /// What a JSON number carries exactly everywhere; a higher `seq` is refused, so that counting on never overflows.
    package static let highestSequence: Int64 = 1 << 53

    package var seq: Int64
    /// A text and not `Kind`, because an older server must keep what a newer terminal reports.
    package var kind: String
    /// The terminal's wall clock, which may be wrong; `uptime_ms` is what orders events of one boot.
    package var at: Timestamp
    package var uptime_ms: Int64

    package var operation: String?
    package var amount_cents: Int64?
    package var reason: String?
    package var count: Int?
    package var revision: Revision?
    package var latency_ms: Int64?
    package var why: String?
    package var from: Timestamp?
    package var until: Timestamp?
    package var lat: Double?
    package var lon: Double?
    package var accuracy_m: Double?
    package var source: String?
    package var fixed_at: Timestamp?
    package var cell: Cell?
    package var command: String?
    package var what: String?
    package var boot_id: String?
    package var counter: Int64?
    package var action: String?
    package var hours: Int?

    package init(seq: Int64, kind: Kind, at: Timestamp, uptime_ms: Int64) {
        self.seq = seq
        self.kind = kind.rawValue
        self.at = at
        self.uptime_ms = uptime_ms
    }
}
