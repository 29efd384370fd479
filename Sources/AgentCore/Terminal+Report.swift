import Wire

/// Events: folded, written, sent, forgotten.
extension Terminal {
    mutating func fold(_ new: Fold, _ now: Moment) {
        spool.fold(new)
        flush.request(now: now.sinceBoot)
    }

    /// Writes and sends whatever is due.
    mutating func tell(_ now: Moment) {
        guard link != .unenrolled else { return }
        if let at = flush.at, at <= now.sinceBoot {
            flush.done(now: now.sinceBoot)
            spool.flush()
        }
        if let at = spool.retryAt, at <= now.sinceBoot { spool.mayWriteAgain() }
        if let write = spool.write() { effects.append(write) }
        if case .waiting(let until) = report, until <= now.sinceBoot { report = .idle }
        guard report == .idle, failingSince == nil, let session = link.session else { return }
        let batch = spool.batch(atMost: reportLimit)
        guard let last = batch.last else { return }
        report = .sending(through: last.seq, count: batch.count)
        spool.sent(through: last.seq)
        effects.append(.sendEvents(session: session.token, batch, timeout: Limits.requestTimeout))
    }

    mutating func spoolFailed(_ why: String, _ now: Moment) {
        if spool.retryAt == nil { effects.append(.log(.error, "Events cannot be stored: \(why). They wait in memory.")) }
        spool.storeFailed(retryAt: now.sinceBoot + Limits.storeRetry)
    }

    mutating func acknowledged(through seq: Int64, _ now: Moment) {
        guard case .sending(let through, _) = report else { return }
        let before = spool.events.first?.seq
        if spool.acknowledge(through: seq) {
            effects.append(.log(.error, "The server has events up to \(seq), which are not known here: the stored ones are older."))
            tampered("spool_unreadable", now)
        }
        guard spool.events.first?.seq != before else { return waitToReport(nil, now) }
        report = .idle
        reportBackoff.reset()
        if seq >= through { reportLimit = Limits.eventBatch }
    }

    mutating func eventsFailed(_ failure: TransferFailure, _ now: Moment) {
        guard case .sending(let through, let count) = report else { return }
        if case .status(let status, _) = failure.kind, [400, 413, 422].contains(status) {
            // One of them is not to the server's taste: smaller and smaller batches find it, and only that one goes.
            if count == 1 {
                effects.append(.log(.error, "The server will not have event \(through) (\(failure)); it is dropped."))
                spool.drop(seq: through)
            }
            reportLimit = max(1, count / 2)
        }
        waitToReport(failure.retryAfter, now)
    }

    private mutating func waitToReport(_ retryAfter: Duration?, _ now: Moment) {
        report = .waiting(until: now.sinceBoot + reportBackoff.next(retryAfter: retryAfter, using: &generator))
    }

    mutating func shutDown(_ now: Moment) {
        guard link != .unenrolled else {
            link = .stopped
            return
        }
        endSuspicions(now)
        spool.flush()
        if let write = spool.write(atLast: true) { effects.append(write) }
        link = .stopped
    }
}
