import LockRules
import Store
package import Wire

/// Polls: the lock state of one terminal from memory, and what its `after` says about the locks under way.
package struct Polls: Sendable {
    package enum Answer {
        case lease([UInt8])
        /// Nothing new: park until a change or the wait ends.
        case wait
        case refused(Problem)
    }

    package struct Request: Sendable {
        package let imei: IMEI
        package let channel: ChannelCode
        package let session: SessionToken
        package let mac: [UInt8]
        /// The revision that the terminal has stored and enforces; absent in its first poll.
        package let after: Revision?
        package let nonce: String

        package init(imei: IMEI, channel: ChannelCode, session: SessionToken, mac: [UInt8], after: Revision?, nonce: String) {
            self.imei = imei
            self.channel = channel
            self.session = session
            self.mac = mac
            self.after = after
            self.nonce = nonce
        }
    }

    private let environment: Environment
    private let keys: ServerKeys
    private let leases: LeaseIssuer
    private let states: LockStates
    private let lastSeen: LastSeen
    private let desk: MessageDesk

    init(environment: Environment, keys: ServerKeys, leases: LeaseIssuer, states: LockStates, lastSeen: LastSeen, desk: MessageDesk) {
        self.environment = environment
        self.keys = keys
        self.leases = leases
        self.states = states
        self.lastSeen = lastSeen
        self.desk = desk
    }

    package static let sessionRefused = Problem(.sessionRefused, "The session is not valid, or no longer. Connect again.")

    /// - Parameters:
    ///   - mayWait: false once the wait has ended or was cut short: then the present state is answered.
    ///   - extra: seconds that the lease runs longer; asked only for a lease.
    /// - Returns: `nil` when the facts are not in memory: `states.load` them on a worker and ask again.
    package func answer(_ request: Request, isFirst: Bool, mayWait: @autoclosure () -> Bool, extra: @autoclosure () -> Int = 0) throws -> Answer? {
        guard let terminal = states.cached(request.imei, claiming: request.session.claimed) else { return nil }
        let now = environment.now
        guard
            try request.session.verifies(
                mac: request.mac, imei: request.imei, channel: request.channel, keyTag: terminal.keyTag, secret: keys.sessionSecret, now: now)
        else { return .refused(Self.sessionRefused) }
        let state = LockState(channel: request.channel, facts: terminal.facts)
        if isFirst {
            environment.metrics.polls.increment()
            lastSeen.heard(request.imei, at: now)
            if let after = request.after, after <= state.revision {
                if terminal.openRevision > 0, Self.confirms(after, state) { confirm(request.imei, after, isLocked: state.isLocked, at: now) }
                if terminal.drillRevision > 0, after >= terminal.drillRevision { confirmDrill(request.imei, after, at: now) }
            }
        }
        // A device that is registered nowhere gets "unlocked" only with a seat, and a seat only by connecting.
        guard state.isLocked || terminal.hasSeat else { return .refused(Self.sessionRefused) }
        if state.revision == request.after, mayWait() { return .wait }
        if state.isLocked, terminal.undeliveredRevision > 0 { delivered(request.imei, state.revision, at: now) }
        if !state.isLocked { lastSeen.maySpend(request.imei, from: now) }
        let lease = try leases.issue(
            imei: request.imei, channel: request.channel, state: state, facts: terminal.facts, command: terminal.command,
            nextCode: state.isLocked && terminal.nextCode > 0 ? terminal.nextCode : nil, nonce: request.nonce, extra: extra(), now: now)
        return .lease(lease)
    }

    /// Whether `after` can speak of a lock: a revision that was never given does not, and an unlocked one that is the newest says only
    /// that the terminal is open, whatever stood before.
    private static func confirms(_ after: Revision, _ state: LockState) -> Bool {
        after < state.revision || (state.isLocked && after == state.revision)
    }

    /// The terminal says that it has stored and enforces `revision`. Written without waiting: it says so again with its next poll.
    /// - Parameter isLocked: it is locked still.
    private func confirm(_ imei: IMEI, _ revision: Revision, isLocked: Bool, at now: Timestamp) {
        let metrics = environment.metrics
        environment.store.writeLater { [desk] writer in
            let confirmed = try writer.markEnforced(on: imei, upTo: revision, at: now)
            guard !confirmed.isEmpty else { return }
            try OfflineCodes.lockEnforced(on: imei, isLocked: isLocked, in: writer)
            // In the order of the locks, which is that in which other systems are told of them.
            for delivery in confirmed.sorted(by: { $0.revision < $1.revision }) {
                guard let hold = try writer.hold(delivery.holdID) else { continue }
                let committed = hold.committedAt ?? hold.requestedAt
                let milliseconds = max(0, now.unixMilliseconds - committed.unixMilliseconds)
                metrics.timeToLock.observe(Double(milliseconds) / 1000)
                try desk.outbox.tellEnforced(hold, on: imei, timeToLock: milliseconds, now: now, in: writer)
            }
            try desk.watches.confirmed(confirmed, now: now, in: writer)
            try writer.touch(.device(imei))
        }
    }

    /// The terminal says that a drill's revision has come the whole way.
    private func confirmDrill(_ imei: IMEI, _ revision: Revision, at now: Timestamp) {
        environment.store.writeLater { [desk] writer in
            if try desk.drills.confirmed(by: imei, upTo: revision, now: now, in: writer) { try writer.touch(.device(imei)) }
        }
    }

    private func delivered(_ imei: IMEI, _ revision: Revision, at now: Timestamp) {
        environment.store.writeLater { writer in
            if try !writer.markDelivered(to: imei, upTo: revision, at: now).isEmpty { try writer.touch(.device(imei)) }
        }
    }

    /// Whether the session is one of this terminal on any of `channels`: for requests that do not name theirs.
    package func holds(session text: String, imei: IMEI, channels: [ChannelCode]) throws -> Bool {
        guard let (session, mac) = SessionToken.parse(text) else { return false }
        let terminal = try states.cached(imei, claiming: session.claimed) ?? states.load(imei, claiming: session.claimed)
        return try channels.contains {
            try session.verifies(mac: mac, imei: imei, channel: $0, keyTag: terminal.keyTag, secret: keys.sessionSecret, now: environment.now)
        }
    }
}
