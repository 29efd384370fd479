package import Wire

/// One terminal: what it may spend, whom it asks, what it tells. Pure: no clock, no file, no socket.
///
/// Every answer of the outside world is an `Event`, everything it wants done an `Effect`; `ask` is the gate's question.
/// Not for two threads at once.
package struct Terminal: Sendable {
    package let imei: IMEI
    package let channel: ChannelCode

    var link = Link.unenrolled
    var lock = LockMemory(stored: nil)
    /// `nil`: none was accepted since the start.
    var lease: Lease?
    /// Starts anew with each accepted lease.
    var spending = Spending(cap: nil)
    /// What an offline code has added to it.
    var extended: Extended?
    /// `nil`: the server has given no key for offline codes.
    var codes: CodeMemory?
    /// Boot time until which no code is looked at.
    var codeWaitEnd = Duration.zero
    var bootID = ""
    var lastHeard: Moment?
    /// The first failure since the server was last heard.
    var failingSince: Moment?
    var suspicions = Suspicions()
    var startedAt: Moment?
    var backoff = Backoff()
    var pace = Pace()
    var cadence = Cadence()
    var hints = Hints()
    /// Sessions in a row that were refused before a poll under them was answered.
    var refusedSessions = Backoff()
    /// One new token at once per start, else a server with a moving clock would be hammered.
    var mayCorrectClock = true
    /// When the wanted state is stored again; `nil` unless a write failed.
    var storeRetryAt: Duration?
    /// What the pace asks for before the next poll.
    var pause = Duration.zero

    var spool = Spool(SpoolImage())
    var flush = Flush()
    var report = Report.idle
    var reportBackoff = Backoff(longest: Limits.longestEventBackoff)
    var reportLimit = Limits.eventBatch

    /// `nil`: it does not look where it is.
    var search: Search?
    /// Boot time of the next search without being asked; `nil` before the start.
    var nextSearch: Duration?
    /// The last command that was obeyed since the start.
    var lastCommand: String?

    var effects: [Effect] = []
    var timer: Duration?
    var shown: Shown?
    var generator: any RandomNumberGenerator & Sendable

    /// - Parameter generator: nonces come from it, so on a real terminal it is the system's.
    package init(imei: IMEI, channel: ChannelCode, generator: any RandomNumberGenerator & Sendable) {
        self.imei = imei
        self.channel = channel
        self.generator = generator
    }

    /// The transitions: state and event on the left, what they lead to on the right. What is not in the table is late or foreign
    /// and changes nothing.
    package mutating func receive(_ event: Event, now: Moment) -> [Effect] {
        switch (link, event) {
        case (.stopped, _): return []
        case (.unenrolled, .started(let start)): self.start(start, now)
        case (.unenrolled, .timerFired): effects.append(.lookForEnrolment)

        case (.connecting(let request), .connectionAnswered(let token, let life, let lease, let sentAt, let longestWait)):
            cadence.longest = longestWait
            let session = Link.Session(token: token, end: now.sinceBoot + life)
            take(lease, for: request, sentAt: sentAt, session, now)
        case (.connecting, .leaseRefused(let why)): refuse(why, nil, now)
        case (.connecting, .transferFailed(let failure)): connectionFailed(failure, now)

        case (.polling(var session, let request), .pollAnswered(let lease, let sentAt)):
            session.isProven = true
            take(lease, for: request, sentAt: sentAt, session, now)
        case (.polling(let session, _), .leaseRefused(let why)): refuse(why, session, now)
        case (.polling(let session, let request), .transferFailed(let failure)): pollFailed(failure, request, session, now)

        case (.storing(let session), .stateStored): stored(now); follow(session, .zero, now)
        case (.storing(let session), .stateStoreFailed(let why)): storeFailed(why, now); follow(session, .zero, now)
        case (_, .stateStored): stored(now)
        case (_, .stateStoreFailed(let why)): storeFailed(why, now)

        case (.waiting(let until, let session), .timerFired) where until <= now.sinceBoot: proceed(session, now)
        case (_, .timerFired): break
        case (_, .networkChanged(let addressLost)): networkChanged(addressLost: addressLost, now)

        case (_, .spoolStored): spool.stored()
        case (_, .spoolStoreFailed(let why)): spoolFailed(why, now)
        case (_, .eventsAcknowledged(let seq)): acknowledged(through: seq, now)
        case (_, .eventsFailed(let failure)): eventsFailed(failure, now)
        case (_, .located(let fix)): located(fix, now)
        case (_, .locationFailed(let why)): locationFailed(why, now)
        case (_, .cellLocated(let cell)): cellLocated(cell, now)
        case (_, .cellUnknown): cellUnknown(now)
        case (.unenrolled, .tampered), (.unenrolled, .identityChanged): break
        case (_, .tampered(let what)): tampered(what, now)
        case (_, .identityChanged(let what)): identityChanged(what, now)
        case (_, .shuttingDown): shutDown(now)

        case (_, .started), (_, .connectionAnswered), (_, .pollAnswered), (_, .leaseRefused), (_, .transferFailed): break
        }
        return settle(now)
    }

    /// What is due by time alone, then everything that has to follow a change. Nothing here depends on which event it was.
    mutating func settle(_ now: Moment) -> [Effect] {
        if link != .stopped {
            retryStore(now)
            giveUpSearch(now)
            lookDaily(now)
            tell(now)
            show(now)
            setTimer(now)
        }
        defer { effects = [] }
        return effects
    }
}
