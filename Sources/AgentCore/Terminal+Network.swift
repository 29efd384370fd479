/// What the terminal's own interfaces say about the network: a hint that trying now is worth it, and nothing more.
extension Terminal {
    /// - Parameter addressLost: an address is gone, and a connection from it with it, of which nobody will tell.
    mutating func networkChanged(addressLost: Bool, _ now: Moment) {
        guard failingSince != nil || addressLost || isOverdue(now), hints.admit(at: now.sinceBoot) else { return }
        switch link {
        case .waiting(let until, let session) where failingSince != nil:
            backoff.reset()
            link = .waiting(until: min(until, now.sinceBoot + Limits.settling), session)
        // One that was begun on the network as it was waits for answers that do not come.
        case .connecting(let request) where request.sentAt < now.sinceBoot: connect(now)
        case .polling(let session, let request) where request.sentAt < now.sinceBoot && now.sinceBoot < session.end: poll(session, now)
        case .unenrolled, .connecting, .polling, .storing, .waiting, .stopped: break
        }
    }

    /// Whether the poll under way should have been answered by now.
    private func isOverdue(_ now: Moment) -> Bool {
        guard case .polling(_, let request) = link else { return false }
        return request.sentAt + .seconds(request.wait) + .seconds(1) < now.sinceBoot
    }

    /// Whether to try again soon: no server is hammered by it, and the network may be back at any moment.
    func isEager(_ failure: TransferFailure, _ now: Moment) -> Bool {
        guard failure.isCheap, let failingSince else { return false }
        return now.sinceBoot - failingSince.sinceBoot < Limits.eagerFor
    }
}

/// Keeps an interface that comes and goes without end from making a storm of connections.
struct Hints: Sendable, Equatable {
    private var taken = 0
    private var since = Duration.zero

    mutating func admit(at now: Duration) -> Bool {
        if now - since > Limits.hintWindow { (taken, since) = (0, now) }
        taken += 1
        return taken <= Limits.mostHints
    }
}
