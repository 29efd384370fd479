import Wire

/// Connecting and polling.
extension Terminal {
    mutating func start(_ start: Start, _ now: Moment) {
        switch start.stored {
        case .notEnrolled: return
        case .holds(let state) where state.imei == imei: lock = LockMemory(stored: state)
        case .holds: lock = LockMemory(stored: nil)
        case .unreadable(_, let revision): lock = LockMemory(stored: nil, atLeast: revision)
        }
        spending = Spending(cap: lock.enforced?.cap)
        startedAt = now
        bootID = start.bootID
        resumeCodes(start.codes, now)
        // A lost spool would count from one again, and the server drop what it takes for repetitions: Unix milliseconds are
        // far above any count, and `Spool.acknowledge` heals what a wrong wall clock leaves.
        let above = max(1, now.wall.unixMilliseconds)
        spool =
            switch start.spool {
            case let image? where image.isDamaged: Spool(image, startingAbove: above)
            case let image?: Spool(image, isNew: start.stored.isNew)
            case nil: Spool(startingAbove: above)
            }
        if lock.enforced == nil {
            var why = "it belongs to another terminal"
            if case .unreadable(let found, _) = start.stored { why = found }
            effects.append(.log(.error, "The stored lock state cannot be used: \(why). Nothing may be spent until the server is heard."))
            spool.record(.tamper, at: now) { $0.what = "state_unreadable" }
        }
        if start.spool?.isDamaged ?? true {
            effects.append(.log(.error, "The stored events are damaged or missing. Counting goes on above them."))
            tampered("spool_unreadable", now)
        }
        for what in start.tampering { spool.record(.tamper, at: now) { $0.what = what } }
        spool.record(.started, at: now) { $0.boot_id = start.bootID }
        connect(now)
    }

    /// The wait is over.
    mutating func proceed(_ session: Link.Session?, _ now: Moment) {
        if let session, now.sinceBoot < session.end { poll(session, now) } else { connect(now) }
    }

    /// After an accepted lease: the next poll, at once or after what the pace asks for.
    mutating func follow(_ session: Link.Session, _ delay: Duration, _ now: Moment) {
        let delay = max(delay, pause)
        pause = .zero
        guard delay > .zero else { return proceed(session, now) }
        link = .waiting(until: now.sinceBoot + delay, session)
    }

    mutating func connect(_ now: Moment) {
        let nonce = newNonce()
        link = .connecting(.init(nonce: nonce, sentAt: now.sinceBoot))
        effects.append(.connect(nonce: nonce, nextCode: nextCode, timeout: Limits.requestTimeout))
    }

    mutating func poll(_ session: Link.Session, _ now: Moment) {
        let nonce = newNonce()
        // Without a running lease the answer is wanted at once, known revision or not.
        let wait = spending.needsServer ? 0 : lease.map { cadence.wait(base: $0.wait, remaining: $0.remaining(at: now.sinceBoot)) } ?? 0
        link = .polling(session, .init(nonce: nonce, sentAt: now.sinceBoot, wait: wait))
        effects.append(
            .poll(
                session: session.token, after: lock.acknowledged, nonce: nonce, wait: wait,
                timeout: .seconds(wait) + slack(after: wait, now)))
    }

    /// Beyond its wait. A lease that runs out meanwhile is not to wait for a connection that is dead: then a new one is tried sooner.
    private func slack(after wait: Int, _ now: Moment) -> Duration {
        guard wait > 0, let lease else { return Limits.pollSlack }
        return min(Limits.pollSlack, max(Limits.shortestSlack, lease.remaining(at: now.sinceBoot) - .seconds(wait)))
    }

    /// A poll that is answered at once, in place of the one that waits for a change.
    mutating func pollSooner(_ now: Moment) {
        if case .polling(let session, _) = link, now.sinceBoot < session.end { poll(session, now) }
    }

    mutating func connectionFailed(_ failure: TransferFailure, _ now: Moment) {
        var failure = failure
        if case .unauthorized(clockCorrected: true) = failure.kind {
            if mayCorrectClock {
                mayCorrectClock = false
                fail(failure, now)
                return connect(now)
            }
            // With a token of the right time as well.
            failure.kind = .unauthorized(clockCorrected: false)
        }
        fail(failure, now)
        wait(nil, after: failure, now)
    }

    mutating func pollFailed(_ failure: TransferFailure, _ request: Link.Request, _ session: Link.Session, _ now: Moment) {
        guard case .unauthorized = failure.kind else {
            if failingSince == nil, request.wait > 0, now.sinceBoot - request.sentAt >= .seconds(request.wait) {
                cadence.unanswered(request.wait)
                pace.lost()
            }
            fail(failure, now)
            return wait(session, after: failure, now)
        }
        // A session that worked and is refused now has ended: a new one, at once. One that never worked shows that a new
        // one will not help either.
        if session.isProven, refusedSessions.failures == 0 {
            _ = refusedSessions.next(retryAfter: nil, using: &generator)
            return connect(now)
        }
        fail(failure, now)
        let delay = refusedSessions.next(retryAfter: failure.retryAfter, using: &generator)
        link = .waiting(until: now.sinceBoot + delay, nil)
    }

    /// An answer that is not an acceptable lease: an event, and as if nothing had been heard.
    mutating func refuse(_ why: String, _ session: Link.Session?, _ now: Moment) {
        fail("the server's lease is not acceptable: \(why)", suspicion: why, now)
        wait(session, after: nil, now)
    }

    private mutating func wait(_ session: Link.Session?, after failure: TransferFailure?, _ now: Moment) {
        let delay =
            failure.map { isEager($0, now) } == true
            ? Duration.random(upTo: Limits.eagerRetry, using: &generator)
            : backoff.next(retryAfter: failure?.retryAfter, using: &generator)
        link = .waiting(until: now.sinceBoot + delay, session)
    }

    private mutating func fail(_ failure: TransferFailure, _ now: Moment) {
        let suspicion: String? =
            switch failure.kind {
            case .distrusted(let why, _): why.rawValue
            // A server that does not know this terminal may be another's.
            case .unauthorized(clockCorrected: false): "unauthorized"
            case .network, .unauthorized(clockCorrected: true), .status, .unusable: nil
            }
        fail(failure.description, suspicion: suspicion, now)
    }

    /// - Parameter suspicion: why what answered is not believed; without an answer there is none.
    private mutating func fail(_ why: String, suspicion: String?, _ now: Moment) {
        var isNews = failingSince == nil
        if let suspicion {
            let new = Fold(kind: .leaseRejected, operation: nil, cause: suspicion.clipped(to: Limits.longestCode), since: now, amountCents: nil)
            if suspicions.isFirst(new) {
                fold(new, now)
                isNews = true
            }
        }
        failingSince = failingSince ?? now
        if isNews { effects.append(.log(.warning, "The server is not heard: \(why). Trying again.")) }
    }

    /// The server is heard, or the agent ends: what came again and again is told, with its beginning in one event if that is not sent yet.
    mutating func endSuspicions(_ now: Moment) {
        let again = suspicions.end()
        guard !again.isEmpty else { return }
        for fold in again { self.fold(fold, now) }
        guard flush.isCalm(now: now.sinceBoot) else { return }
        flush.done(now: now.sinceBoot)
        spool.flush()
    }

    /// 64 random bits, base64url: 11 characters.
    private mutating func newNonce() -> String {
        var bits: UInt64 = generator.next()
        return Base64URL.encode(withUnsafeBytes(of: &bits, Array.init))
    }
}
