@testable import AgentCore
import LockRules
import TerminalSimulation
import Wire

let imei = try! IMEI("490154203237518")
let otherIMEI = try! IMEI("352099001761481")
let channel = try! ChannelCode("KazTimpaPro")

/// A terminal with a disk and a clock that the test moves: does what the effects say, and keeps what is under way.
struct Rig {
    enum Request: Equatable {
        case connect(nonce: String)
        case poll(after: Revision, nonce: String, wait: Int)

        var nonce: String {
            switch self {
            case .connect(let nonce), .poll(_, let nonce, _): nonce
            }
        }
    }

    enum Modem {
        case none, slow
        case registered(Cell)
    }

    var terminal: Terminal
    var now = Duration.seconds(1000)
    var seed: UInt64

    // The disk.
    var state: StoredState?
    var isEnrolled = true
    var spool: SpoolImage? = SpoolImage()
    var codes: CodeMemory?
    var bootID = "boot"
    /// What somebody has set the wall clock to, against where it was.
    var wallShift = Duration.zero
    var longestWait: Int?
    var isDiskFull = false
    var stateWrites = 0
    var spoolWrites = 0

    // What is under way.
    var request: Request?
    /// The first counter that the last connection named; `nil`: it asked for a key.
    var reportedCode: Int64?
    /// How often the terminal looked at a code.
    var codeLooks = 0
    var requestSentAt = Duration.zero
    var pollTimeout: Duration?
    var sending: [TerminalEvent]?
    var timer: Duration?
    var notices = 0
    var searches = 0
    var stoppedSearches = 0
    var cellSearches = 0
    var modem = Modem.none
    var log: [String] = []

    init(stored: StoredState? = StoredState(imei: imei, channel: channel, account: nil), seed: UInt64 = 1) {
        self.seed = seed
        state = stored
        terminal = Terminal(imei: imei, channel: channel, generator: Seeded(seed))
    }

    var moment: Moment { Moment(sinceBoot: now, wall: Timestamp(unixMilliseconds: 1_795_000_000_000 + (now + wallShift).wholeMilliseconds)) }

    mutating func start() { receive(.started(found)) }

    var found: Start {
        let stored: Start.Stored = !isEnrolled ? .notEnrolled : state.map(Start.Stored.holds) ?? .unreadable("it is cut short")
        return Start(stored: stored, spool: spool, bootID: bootID, codes: codes)
    }

    /// SIGKILL, and perhaps a reboot: memory is gone, the disk is what it was.
    mutating func restart() {
        seed += 1
        terminal = Terminal(imei: imei, channel: channel, generator: Seeded(seed))
        request = nil
        sending = nil
        timer = nil
        start()
    }

    /// The battery was pulled: boot time begins again.
    mutating func reboot(_ id: String, at sinceBoot: Duration) {
        bootID = id
        now = sinceBoot
        restart()
    }

    mutating func receive(_ event: Event) { perform(terminal.receive(event, now: moment)) }

    mutating func ask(_ operation: Operation, amount: Int64? = nil) -> Decision {
        let answer = try! terminal.ask(operation.rawValue, amountCents: amount, now: moment)
        perform(answer.effects)
        return answer.decision
    }

    /// Moves the clock, ringing the timer at each of its moments.
    mutating func advance(_ duration: Duration) {
        let end = now + duration
        var rings = 0
        while let at = timer, at <= end {
            now = max(now, at)
            timer = nil
            receive(.timerFired)
            rings += 1
            precondition(rings < 100_000, "the timer rings without end")
        }
        now = end
    }

    /// What comes of effects is told only after all of them are done, in order.
    mutating func perform(_ effects: [Effect]) {
        var outcomes: [Event] = []
        for effect in effects {
            switch effect {
            case .lookForEnrolment: if isEnrolled { outcomes.append(.started(found)) }
            case .connect(let nonce, let nextCode, _):
                (request, requestSentAt) = (.connect(nonce: nonce), now)
                reportedCode = nextCode
            case .poll(_, let after, let nonce, let wait, let timeout):
                (request, requestSentAt) = (.poll(after: after, nonce: nonce, wait: wait), now)
                pollTimeout = timeout
            case .storeState(let new):
                stateWrites += 1
                if isDiskFull {
                    outcomes.append(.stateStoreFailed("No space left on device"))
                } else {
                    state = new
                    outcomes.append(.stateStored)
                }
            // A file can be removed from a full disk.
            case .storeCodes(let memory): codes = isDiskFull ? nil : memory
            case .appendEvents(let events):
                spoolWrites += 1
                if !isDiskFull {
                    spool = SpoolImage(lastSeq: events.last?.seq ?? 0, events: (spool?.events ?? []) + events)
                }
                outcomes.append(isDiskFull ? .spoolStoreFailed("No space left on device") : .spoolStored)
            case .replaceSpool(let image):
                spoolWrites += 1
                if !isDiskFull { spool = image }
                outcomes.append(isDiskFull ? .spoolStoreFailed("No space left on device") : .spoolStored)
            case .sendEvents(_, let events, _): sending = events
            case .locate: searches += 1
            case .stopLocating: stoppedSearches += 1
            case .locateCell:
                cellSearches += 1
                switch modem {
                case .none: outcomes.append(.cellUnknown)
                case .slow: break
                case .registered(let cell): outcomes.append(.cellLocated(cell))
                }
            case .notifyMonitors: notices += 1
            case .setTimer(let at): timer = at
            case .log(_, let text): log.append(text)
            }
        }
        for outcome in outcomes { receive(outcome) }
    }

    // MARK: The server's part

    func lease(
        _ revision: Revision, locked: Bool = false, ttl: Int = 240, wait: Int = 110, nonce: String? = nil, sub: IMEI = imei,
        chn: ChannelCode = channel, cap: Int64? = nil, nextCode: Int64? = nil
    ) -> LeaseClaims {
        LeaseClaims(
            sub: sub, chn: chn, acc: nil, rev: revision, locked: locked, blocked: locked ? Operation.spending.map(\.rawValue) : nil,
            reasons: locked ? ["account_locked"] : nil, iat: 1_795_000_000, ttl: ttl, nonce: nonce ?? request?.nonce ?? "none", wait: wait,
            cap: cap, next_code: nextCode)
    }

    /// The request under way is answered with this lease.
    mutating func answer(_ lease: LeaseClaims) {
        let sentAt = requestSentAt
        guard let answered = request else { preconditionFailure("nothing is under way") }
        request = nil
        switch answered {
        case .connect:
            receive(.connectionAnswered(session: "session", expiresIn: .seconds(86400), lease: lease, sentAt: sentAt, longestWait: longestWait))
        case .poll: receive(.pollAnswered(lease: lease, sentAt: sentAt))
        }
    }

    /// A code is typed; `nil` is a wrong one.
    /// - Parameter isKilled: right after the disk has it, so that nothing comes of it and nobody is told.
    mutating func enter(_ code: OfflineCode?, isKilled: Bool = false) -> CodeAnswer {
        var stored = codes
        var looks = 0
        let isFull = isDiskFull
        let (answer, effects) = terminal.enterCode(now: moment) { next in
            looks += 1
            return code.flatMap { (next..<(next + OfflineCode.window)).contains($0.counter) ? $0 : nil }
        } store: { memory in
            if !isFull { stored = memory }
            return !isFull
        }
        codes = stored
        codeLooks += looks
        if !isKilled { perform(effects) }
        return answer
    }

    mutating func fail(_ kind: TransferFailure.Kind = .network("timed out"), retryAfter: Duration? = nil) {
        request = nil
        receive(.transferFailed(TransferFailure(kind, retryAfter: retryAfter)))
    }

    /// No way to the server.
    mutating func silence() {
        request = nil
        receive(.transferFailed(TransferFailure(.network("timed out"), isCheap: true)))
    }

    mutating func acknowledge() {
        guard let last = sending?.last else { return }
        sending = nil
        receive(.eventsAcknowledged(through: last.seq))
    }

    mutating func acknowledgeAll() { while sending != nil { acknowledge() } }

    var isPolling: Bool { if case .poll = request { true } else { false } }
    var spooled: [TerminalEvent] { spool?.events ?? [] }
}
