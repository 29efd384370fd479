import LockRules
import Wire

/// Taking a lease, and making its state durable.
extension Terminal {
    /// A lease whose signature is verified: accepted if it is ours, of this request, and not older than what is known.
    mutating func take(_ claims: LeaseClaims, for request: Link.Request, sentAt: Duration, _ session: Link.Session, _ now: Moment) {
        if let why = objection(to: claims, for: request) {
            var proven = session
            if case .polling(let before, _) = link { proven = before }
            if case .connecting = link { return refuse(why, nil, now) }
            return refuse(why, proven, now)
        }
        heard(now)
        cadence.answered(request.wait, after: now.sinceBoot - request.sentAt, base: lease?.wait ?? request.wait)
        if session.isProven { refusedSessions.reset() }
        let state = StoredState(claims)
        let isNews = state != (lock.wanted?.state ?? lock.enforced)
        // A clock that was read too late would lengthen the lease; one read before the request was made would be the shell's fault.
        lease = Lease(claims, sentAt: min(max(sentAt, request.sentAt), now.sinceBoot))
        spending = Spending(cap: claims.cap)
        if let extended, claims.locked || claims.rev > extended.revision { self.extended = nil }
        pause = pace.delay(afterAnswerIn: now.sinceBoot - request.sentAt, news: isNews)
        if isNews { effects.append(.log(.info, Self.sentence(for: state))) }
        // On disk before the lock is, and so before that is acknowledged.
        if let next = claims.next_code { voidCodes(below: next) }
        obey(claims.cmds, now)
        if lock.accept(state, at: now.sinceBoot) {
            link = .storing(session)
            storeRetryAt = nil
            effects.append(.storeState(state))
        } else {
            storeRetryAt = nil
            follow(session, .zero, now)
        }
    }

    private func objection(to claims: LeaseClaims, for request: Link.Request) -> String? {
        if claims.nonce != request.nonce { return "nonce" }
        if claims.sub != imei { return "imei" }
        if claims.chn != channel { return "channel" }
        if claims.rev < lock.highest { return "revision" }
        return nil
    }

    private mutating func heard(_ now: Moment) {
        if let failingSince {
            cadence.heard(after: now.sinceBoot - failingSince.sinceBoot)
            effects.append(.log(.info, "The server is heard again."))
            if now.sinceBoot - failingSince.sinceBoot >= Limits.reportedSilence {
                let from = (lastHeard ?? startedAt ?? failingSince).wall
                spool.record(.offline, at: now) { event in
                    event.from = from
                    event.until = now.wall
                }
            }
        }
        failingSince = nil
        endSuspicions(now)
        lastHeard = now
        backoff.reset()
        mayCorrectClock = true
    }

    mutating func stored(_ now: Moment) {
        storeRetryAt = nil
        guard let written = lock.stored() else { return }
        spool.record(.enforced, at: now) { event in
            event.revision = written.state.revision
            event.latency_ms = max(0, (now.sinceBoot - written.receivedAt).wholeMilliseconds)
        }
    }

    mutating func storeFailed(_ why: String, _ now: Moment) {
        if storeRetryAt == nil, lock.wanted != nil {
            effects.append(.log(.error, "The lock state cannot be stored: \(why). Locks hold in memory, unlocks wait. Make room on the disk."))
        }
        lock.storeFailed()
        storeRetryAt = now.sinceBoot + Limits.storeRetry
        forgetEndedExtension(now)
    }

    /// A lock that is only in memory would not survive a reboot: tried again, heard or not.
    mutating func retryStore(_ now: Moment) {
        guard let at = storeRetryAt, at <= now.sinceBoot, let wanted = lock.wanted else { return }
        if case .storing = link { return }
        storeRetryAt = now.sinceBoot + Limits.storeRetry
        effects.append(.storeState(wanted.state))
    }

    private static func sentence(for state: StoredState) -> String {
        state.locked
            ? "Locked at revision \(state.revision): \(state.reasons.joined(separator: ", "))."
            : "Unlocked at revision \(state.revision)."
    }
}
