package import Wire

/// What a terminal keeps of its lock state over a reboot.
///
/// A running lease is not in it, because a reboot ends a lease. Revision 0 and unlocked is what enrolment writes,
/// so that from then on missing files are damaged ones.
package struct StoredState: Codable, Sendable, Equatable {
    package static let currentVersion = 1

    package var version: Int
    package var imei: IMEI
    package var channel: ChannelCode
    package var account: AccountReference?
    /// The highest revision ever stored.
    package var revision: Revision
    package var locked: Bool
    package var reasons: [String]
    package var blocked: [String]
    package var msg: String?
    /// The lease's: what a code adds to a lease is spent under it as well, also after a reboot. Absent: none.
    package var cap: Int64?

    /// What enrolment writes: no lease was ever heard.
    package init(imei: IMEI, channel: ChannelCode, account: AccountReference?) {
        version = Self.currentVersion
        self.imei = imei
        self.channel = channel
        self.account = account
        revision = 0
        locked = false
        reasons = []
        blocked = []
    }

    package init(_ lease: LeaseClaims) {
        version = Self.currentVersion
        imei = lease.sub
        channel = lease.chn
        account = lease.acc
        revision = lease.rev
        locked = lease.locked
        reasons = lease.locked ? (lease.reasons ?? []).prefix(Limits.mostCodes).map { $0.clipped(to: Limits.longestCode) } : []
        blocked = lease.locked ? (lease.blocked ?? []).prefix(Limits.mostCodes).map { $0.clipped(to: Limits.longestCode) } : []
        msg = lease.msg.map { $0.clipped(to: Limits.longestMessage) }
        cap = lease.cap
    }
}

extension String {
    /// At most `bytes` bytes of UTF-8, cut between characters.
    func clipped(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var kept = ""
        for character in self {
            if kept.utf8.count + character.utf8.count > bytes { break }
            kept.append(character)
        }
        return kept
    }
}
