import AgentCore
import LockRules
import Platform
import Varlink
import Wire

/// A terminal of AgentCore between inputs and a disk that is memory: what is parsed must also be survived.
///
/// It does what the effects say, and writes out each message that it would send, because a value that no JSON holds is found only there.
struct FuzzedTerminal {
    private(set) var terminal: Terminal
    private(set) var now = Duration.seconds(1000)
    /// What the next answers of the server are to.
    private(set) var sentAt = Duration.seconds(1000)

    init(_ start: Start) throws {
        terminal = Terminal(imei: FuzzNames.imei, channel: try FuzzNames.channelCode(), generator: SameBits())
        try receive(.started(start))
    }

    /// Enrolled, unlocked, not yet connected.
    init() throws {
        let state = StoredState(imei: FuzzNames.imei, channel: try FuzzNames.channelCode(), account: nil)
        try self.init(Start(stored: .holds(state), spool: SpoolImage(), bootID: "boot"))
    }

    var moment: Moment { Moment(sinceBoot: now, wall: Timestamp(unixMilliseconds: FuzzNames.now)) }

    mutating func receive(_ event: Event) throws { try perform(terminal.receive(event, now: moment)) }

    /// Now with a session and a running lease.
    mutating func connect() throws {
        let lease = LeaseClaims(
            sub: FuzzNames.imei, chn: try FuzzNames.channelCode(), rev: 5, locked: false, iat: FuzzNames.now / 1000, ttl: 240, nonce: FuzzNames.nonce,
            wait: 110, cmds: [TerminalCommand(id: "loc_1", kind: TerminalCommand.geolocate)])
        try receive(.connectionAnswered(session: "session", expiresIn: .seconds(86_400), lease: lease, sentAt: sentAt))
    }

    /// Everything that a gate is asked, and time that passes.
    mutating func live() throws {
        for step in [Duration.seconds(1), .seconds(61), .seconds(86_400)] {
            _ = try ask("airtime_vend", amountCents: 500)
            _ = try ask("balance_enquiry", amountCents: nil)
            now += step
            try receive(.timerFired)
        }
        try receive(.shuttingDown)
    }

    mutating func ask(_ operation: String, amountCents: Int64?) throws -> Decision {
        let answer = try terminal.ask(operation, amountCents: amountCents, now: moment)
        try perform(answer.effects)
        _ = JSON.encode(answer.decision)
        return answer.decision
    }

    mutating func grant(_ memory: CodeMemory) throws {
        try Self.survives(memory)
        terminal.codesGranted(memory)
    }

    mutating func enterCode(_ find: (Int64) throws -> OfflineCode?) throws {
        var thrown: (any Error)?
        let (answer, effects) = terminal.enterCode(now: moment) { next in
            do { return try find(next) } catch { thrown = error }
            return nil
        } store: { memory in
            do { try Self.survives(memory) } catch { thrown = error }
            return true
        }
        if let thrown { throw thrown }
        _ = answer.wait.wholeMilliseconds
        try perform(effects)
    }

    private mutating func perform(_ effects: [Effect]) throws {
        var outcomes: [Event] = []
        for effect in effects {
            switch effect {
            case .connect, .poll: sentAt = now
            case .storeState(let state):
                try Self.survives(state)
                outcomes.append(.stateStored)
            case .storeCodes(let memory): try Self.survives(memory)
            case .appendEvents(let events):
                for event in events { try Self.survives(event) }
                outcomes.append(.spoolStored)
            case .replaceSpool(let image):
                for event in image.events { try Self.survives(event) }
                outcomes.append(.spoolStored)
            case .sendEvents(_, let events, _):
                _ = JSON.encode(EventBatch(events: events))
                if let last = events.last { outcomes.append(.eventsAcknowledged(through: last.seq)) }
            case .notifyMonitors: try Self.survives(terminal.gateState(at: now))
            // As the timer of the agent takes it.
            case .setTimer(let at): _ = at?.nanoseconds
            case .lookForEnrolment, .locate, .stopLocating, .locateCell, .log: break
            }
        }
        for outcome in outcomes { try receive(outcome) }
    }

    /// What is written reads back as the same.
    static func survives<Value: Codable & Equatable>(_ value: Value) throws {
        let bytes = JSON.encode(value)
        let read: Value
        do {
            read = try JSON.decode(Value.self, from: bytes)
        } catch {
            throw Broken(description: "what was written cannot be read: \(error): \(String(decoding: bytes, as: UTF8.self))")
        }
        try hold(read == value, "what was written reads back as another: \(String(decoding: bytes, as: UTF8.self))")
    }
}
