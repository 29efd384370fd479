import AgentCore
import Wire

/// One request of the terminal on its way.
struct Transfer {
    enum Kind { case connect(nextCode: Int64?), poll(session: String, after: Revision, wait: Int) }

    let id: Int
    let kind: Kind
    let nonce: String
    /// Boot time.
    let sentAt: Duration
}

struct Answer {
    let transfer: Transfer
    let claims: LeaseClaims
    /// True time.
    let signedAt: Duration
    /// Seconds that the lease may run beyond its signature, at most.
    let life: Int
}

/// The back office's side of one terminal: what `LeaseIssuer`, `Polls`, `Connections` and `OfflineCodes` decide.
struct SimulatedServer {
    static let ttl = 240
    static let wait = 110
    static let longestWait = 270
    static let margin = 20

    var isUp = true
    private(set) var revision: Revision = 1
    private(set) var isLocked = false
    var cap: Int64?
    /// Polls, and when each came.
    private(set) var parked: [(transfer: Transfer, since: Duration)] = []
    private var nextIssued: Int64 = 0
    private var nextUsed: Int64 = 0
    /// Below it, codes were given before a lock that the terminal has stored.
    private var voidBelow: Int64 = 0

    mutating func change(by step: Revision) {
        revision += step
        isLocked.toggle()
    }

    enum Reply { case answer(Answer), unauthorized, parked(until: Duration) }

    mutating func receive(_ transfer: Transfer, now: Duration) -> Reply {
        switch transfer.kind {
        case .connect(let nextCode):
            if let nextCode { heard(nextCode: nextCode) }
            return .answer(answer(transfer, now))
        case .poll(let session, let after, let wait):
            // A session's end lies in its name.
            guard let end = Int64(session), now < .seconds(end) else { return .unauthorized }
            if isLocked, after == revision { voidBelow = max(voidBelow, nextIssued) }
            if after < revision || wait == 0 { return .answer(answer(transfer, now)) }
            parked.append((transfer, now))
            return .parked(until: now + .seconds(min(wait, Self.longestWait)))
        }
    }

    /// `nil`: that poll is not parked any more.
    mutating func release(_ id: Int, now: Duration) -> Answer? {
        guard let place = parked.firstIndex(where: { $0.transfer.id == id }) else { return nil }
        let (transfer, since) = parked.remove(at: place)
        guard case .poll(_, _, let wait) = transfer.kind else { return nil }
        guard wait >= Self.wait else { return answer(transfer, now) }
        let parked = min(wait, Int((now - since).components.seconds))
        return answer(transfer, parked: parked, life: max(Self.ttl, min(Self.longestWait, wait + wait / 2) + Self.margin), now)
    }

    mutating func dropAll() -> [Transfer] {
        defer { parked = [] }
        return parked.map(\.transfer)
    }

    private func answer(_ transfer: Transfer, parked: Int = 0, life: Int = ttl, _ now: Duration) -> Answer {
        let claims = LeaseClaims(
            sub: Simulation.imei, chn: Simulation.channel, rev: revision, locked: isLocked,
            blocked: isLocked ? Operation.spending.map(\.rawValue) : nil, reasons: isLocked ? ["account_locked"] : nil,
            iat: 1_795_000_000 + now.components.seconds, ttl: parked + life, nonce: transfer.nonce, wait: Self.wait, cap: cap,
            next_code: isLocked && nextIssued > 0 ? nextIssued : nil)
        return Answer(transfer: transfer, claims: claims, signedAt: now, life: life)
    }

    // MARK: Offline codes

    /// For what stands here already.
    mutating func issue(hours: Int, lifts: Bool) -> OfflineCode? {
        let first = max(nextUsed, voidBelow)
        let counter = min(max(nextIssued, first), first + OfflineCode.window - 1)
        nextIssued = max(nextIssued, counter + 1)
        return isLocked
            ? OfflineCode(counter: counter, action: .lock, hours: 0)
            : OfflineCode(counter: counter, action: lifts ? .unlock : .extend, hours: hours)
    }

    private mutating func heard(nextCode: Int64) {
        nextUsed = max(nextUsed, nextCode)
        nextIssued = max(nextIssued, nextUsed)
    }

    mutating func heard(_ events: [TerminalEvent]) {
        for event in events where event.kind == "code_used" { if let counter = event.counter { heard(nextCode: counter + 1) } }
    }
}
