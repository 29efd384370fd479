package import Wire

/// What one (IMEI, channel) may do now. No reason means unlocked.
package struct LockState: Sendable, Equatable {
    package var account: AccountReference?
    package var reasons: [Reason]
    package var revision: Revision

    package var isLocked: Bool { !reasons.isEmpty }

    /// The rules of the lock, all reasons collected. Pure: polls, connections and authorizations all come through here.
    package init(channel: ChannelCode, facts: LockFacts) {
        var reasons: [Reason] = []
        if facts.device?.isDecommissioned == true { reasons.append(.deviceDecommissioned) }
        if let registered = facts.device?.registeredTo, let claimed = facts.claimed, claimed != registered {
            reasons.append(.registeredToAnotherAccount)
        }
        if facts.governing == nil {
            reasons.append(.deviceNotRegistered)
        } else if let account = facts.account {
            if !account.lockedChannels.contains(channel) { reasons.append(.channelNotPermitted) }
            if facts.devicesBefore >= account.maxDevices { reasons.append(.tooManyDevices) }
            if !account.holds.isEmpty { reasons.append(.accountLocked) }
        } else {
            reasons.append(.accountUnknown)
        }
        if facts.device?.holds.isEmpty == false { reasons.append(.deviceLocked) }
        self.reasons = reasons
        account = facts.governing
        revision = max(facts.device?.revision ?? 0, facts.account?.revision ?? 0)
    }
}
