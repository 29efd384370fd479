package import LockRules
package import Wire

/// What the gate answers from.
extension Terminal {
    /// Everything a spending operation can meet, now.
    package func standing(at now: Duration) -> Standing {
        if link == .unenrolled { return .without(.notEnrolled, revision: 0) }
        guard let state = lock.enforced else { return .without(.stateUnreadable, revision: lock.highest) }
        let remaining = remaining(at: now)
        if state.locked { return .locked(reasons: state.reasons, message: state.msg, revision: state.revision, remaining: remaining) }
        guard lease != nil || extended != nil else { return .without(.noLease, revision: state.revision) }
        if remaining > .zero, spending.isUsedUp { return .without(.spendCapReached, revision: state.revision) }
        return .unlocked(revision: state.revision, remaining: remaining)
    }

    /// How long the lease runs, or what a code has made of it.
    func remaining(at now: Duration) -> Duration { max(lease?.remaining(at: now) ?? .zero, extended.map { $0.end - now } ?? .zero) }

    /// May this be done now? A refused spending operation becomes an event; a permitted one counts against the lease's cap.
    /// - Returns: the answer, and what follows from having asked.
    package mutating func ask(
        _ operation: String, amountCents: Int64? = nil, now: Moment
    ) throws(UnknownOperation) -> (decision: Decision, effects: [Effect]) {
        var decision = try standing(at: now.sinceBoot).decide(operation)
        if decision.permitted {
            guard Operation(rawValue: operation)?.isSpending == true else { return (decision, []) }
            let neededServer = spending.needsServer
            let fits = spending.take(amountCents)
            // Once for each lease: otherwise a greedy client would make polls of its checks.
            if spending.needsServer, !neededServer { pollSooner(now) }
            // Those who watch are told when nothing more may be spent.
            if fits { return (decision, spending.needsServer ? settle(now) : []) }
            decision = try Standing.without(.spendCapReached, revision: decision.revision).decide(operation)
        }
        if decision.reason == Reason.spendCapReached.rawValue { decision.lease_ms = remaining(at: now.sinceBoot).wholeMilliseconds }
        guard link != .unenrolled, link != .stopped else { return (decision, []) }
        let cause = (decision.reason ?? "").clipped(to: Limits.longestCode)
        fold(Fold(kind: .gateRefused, operation: operation, cause: cause, since: now, amountCents: amountCents), now)
        return (decision, settle(now))
    }

    /// What the agent knows of its terminal, for `GetState` and `Monitor`.
    package func gateState(at now: Duration) -> GateState {
        let shown = shown(at: now)
        return GateState(
            imei: imei.description, channel: channel.text, account: shown.account, locked: shown.locked, reasons: shown.reasons,
            blocked: shown.blocked, revision: shown.revision, lease_ms: remaining(at: now).wholeMilliseconds,
            connected: shown.connected, last_contact_ms: lastHeard.map { (now - $0.sinceBoot).wholeMilliseconds })
    }

    /// The part of a state that changes at moments and not all the time.
    struct Shown: Sendable, Equatable {
        var account: String?
        var locked: Bool
        var reasons: [String]
        var blocked: [String]
        var revision: Revision
        var connected: Bool
    }

    private func shown(at now: Duration) -> Shown {
        let standing = standing(at: now)
        let decision = standing.decide(.airtimeVend)
        var reasons: [String] = []
        var blocked: [String] = []
        if !decision.permitted {
            if case .locked(let all, _, _, _) = standing, !all.isEmpty { reasons = all } else { reasons = [decision.reason].compactMap(\.self) }
            // Every spending operation is refused, also one that this lease's server did not know.
            blocked = Operation.spending.map(\.rawValue)
        }
        return Shown(
            account: lock.enforced?.account?.text, locked: !decision.permitted, reasons: reasons, blocked: blocked,
            revision: decision.revision, connected: link.session != nil && failingSince == nil)
    }

    mutating func show(_ now: Moment) {
        let current = shown(at: now.sinceBoot)
        guard current != shown else { return }
        shown = current
        effects.append(.notifyMonitors)
    }
}
