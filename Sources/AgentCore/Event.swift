package import Wire

/// What happens to a terminal, told to `Terminal.receive`.
package enum Event: Sendable {
    /// The agent started, or looked again whether it is enrolled.
    case started(Start)
    /// A connection was answered; the lease's signature is verified, nothing else about it is.
    /// `longestWait`: seconds for which the server parks a poll and makes its lease longer by as much.
    case connectionAnswered(session: String, expiresIn: Duration, lease: LeaseClaims, sentAt: Duration, longestWait: Int? = nil)
    /// A poll was answered; the lease's signature is verified, nothing else about it is.
    case pollAnswered(lease: LeaseClaims, sentAt: Duration)
    /// The connection or the poll under way was answered with something that is not a lease signed by an enrolled key.
    case leaseRefused(why: String)
    /// The connection or the poll under way failed.
    case transferFailed(TransferFailure)
    /// The state of the last `storeState` is durable.
    case stateStored
    case stateStoreFailed(String)
    /// The last `appendEvents` or `replaceSpool` is durable.
    case spoolStored
    case spoolStoreFailed(String)
    case eventsAcknowledged(through: Int64)
    case eventsFailed(TransferFailure)
    /// An interface, an address or a route of this terminal came, or went. The caller need not bound how often.
    case networkChanged(addressLost: Bool)
    /// The position that `locate` asked for.
    case located(Fix)
    case locationFailed(LocationFailure)
    /// The modem's cell, which `locateCell` asked for.
    case cellLocated(Cell)
    case cellUnknown
    /// Somebody on the terminal does what nobody should; the caller bounds how often.
    case tampered(what: String)
    /// The modem says another IMEI than this terminal's, or another SIM is in it. Told once for each change.
    case identityChanged(what: String)
    /// The moment of `setTimer` has come. Early and repeated ones do no harm.
    case timerFired
    case shuttingDown
}

/// What the disk says when the agent starts.
package struct Start: Sendable {
    package enum Stored: Sendable {
        /// This terminal was never enrolled.
        case notEnrolled
        case holds(StoredState)
        /// Enrolled, and the state is missing, cut, altered, an old one or another terminal's. `atLeast`: a revision that is known all the same.
        case unreadable(String, atLeast: Revision = 0)

        /// Enrolled, and no lease was heard since.
        var isNew: Bool { if case .holds(let state) = self { state.revision == 0 } else { false } }
    }

    package var stored: Stored
    /// Events not yet acknowledged, oldest first; `nil` when the spool is damaged or missing.
    package var spool: SpoolImage?
    package var bootID: String
    /// `nil`: no key for offline codes, or one that cannot be read.
    package var codes: CodeMemory?
    /// What else was found that nobody should have done, each as it is reported.
    package var tampering: [String] = []

    package init(stored: Stored, spool: SpoolImage?, bootID: String, codes: CodeMemory? = nil) {
        self.codes = codes
        self.stored = stored
        self.spool = spool
        self.bootID = bootID
    }
}

/// The spool as it lies on disk.
package struct SpoolImage: Sendable, Equatable {
    /// The highest `seq` ever given.
    package var lastSeq: Int64
    package var events: [TerminalEvent]
    /// Some were not as they were written, and are left out: more than a power cut does.
    package var isDamaged: Bool

    package init(lastSeq: Int64 = 0, events: [TerminalEvent] = [], isDamaged: Bool = false) {
        self.lastSeq = lastSeq
        self.events = events
        self.isDamaged = isDamaged
    }
}
