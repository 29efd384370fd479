@testable import AgentCore
import Foundation
import LockRules
import TerminalSimulation
import Testing
import Wire

/// Walks AgentCore along random walks of the model in `tools/model`, which `tools/model/traces` writes. After each step both must have
/// decided the same: link, standing, the highest revision, the acknowledged one, and what is to be sent and stored.
///
/// A line: event and arguments, `>` before each effect, `:` before link, standing, highest and acknowledged revision.
/// `pollAnswered 0 2 1 0 > storeState 2 1 : storing locked 2 1`
struct ModelTraceTests {
    @Test(arguments: ["1-50", "51-100", "101-150", "151-200"])
    func theTerminalDecidesAsTheModelDoes(file: String) throws {
        let walks = try Self.walks(file)
        #expect(walks.count == 50)
        for walk in walks {
            var walker = Walker()
            for line in walk.lines {
                if let difference = walker.step(line) {
                    Issue.record("\(walk.name), \"\(line)\": \(difference)")
                    break
                }
            }
        }
    }

    /// Each kind of step and each standing is in them: traces without a lock would show nothing.
    @Test func theTracesMeetEveryStepAndStanding() throws {
        let lines = try ["1-50", "51-100", "101-150", "151-200"].flatMap(Self.walks).flatMap(\.lines)
        for word in [
            "started 15", "connectionAnswered 0", "connectionAnswered 1", "pollAnswered 0", "pollAnswered 1", "leaseRefused",
            "transferFailed network",
            "transferFailed unauthorized", "stateStored", "stateStoreFailed", "timerFired wait", "timerFired store", "killed", "rebooted", "tick",
            "wallClockSet", ": connecting locked", ": polling permits", ": storing locked", ": storing unreadable", ": waiting over",
        ] {
            #expect(lines.contains { $0.contains(word) }, "no trace has '\(word)'")
        }
    }

    @Test(arguments: [
        "pollAnswered 0 2 1 0 > storeState 2 1 : storing permits 2 1",
        "pollAnswered 0 2 1 0 > storeState 2 1 : waiting locked 2 1",
        "pollAnswered 0 2 1 0 > storeState 2 0 : storing locked 2 1",
        "pollAnswered 0 2 1 0 : storing locked 2 1",
        "pollAnswered 0 2 1 0 > storeState 2 1 : storing locked 2 2",
        "pollAnswered 0 2 1 0 > storeState 2 1 : storing locked 3 1",
    ])
    func aLineThatIsNotSoIsNoticed(line: String) {
        var walker = Walker()
        for before in [
            "started 0 0 > connect : connecting over 0 0", "connectionAnswered 0 1 0 0 > storeState 1 0 : storing permits 1 0",
            "stateStored > poll 1 : polling permits 1 1",
        ] {
            #expect(walker.step(before) == nil)
        }
        var other = walker
        #expect(other.step("pollAnswered 0 2 1 0 > storeState 2 1 : storing locked 2 1") == nil)
        #expect(walker.step(line) != nil)
    }

    private static func walks(_ name: String) throws -> [(name: String, lines: [String])] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Traces/\(name).txt")
        var walks: [(name: String, lines: [String])] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("walk ") { walks.append((String(line), [])) } else { walks[walks.count - 1].lines.append(String(line)) }
        }
        return walks
    }
}

/// A terminal, and the world that a trace tells of. Inside a tick no time passes: a wait ends when the trace says so.
private struct Walker {
    private static let tick = Duration.seconds(3600)
    private static let leaseTicks = 2
    private static let unreadable = 15

    /// `nil`: killed, not started again.
    private var terminal: Terminal?
    private var starts: UInt64 = 0
    private var now = Duration.seconds(1000)
    private var wall = Int64(1_795_000_000_000)
    /// The newest first, as the trace counts them.
    private var nonces: [String] = []
    private var sentAt = Duration.zero

    private var moment: Moment { Moment(sinceBoot: now, wall: Timestamp(unixMilliseconds: wall)) }

    /// - Returns: what differs; `nil` when nothing does.
    mutating func step(_ line: String) -> String? {
        let halves = line.split(separator: ":").map { $0.split(separator: " ").joined(separator: " ") }
        guard halves.count == 2 else { return "this is not a line of a trace" }
        let parts = halves[0].split(separator: ">").map { $0.split(separator: " ").map(String.init) }
        let (name, arguments) = (parts[0][0], Array(parts[0].dropFirst()))
        guard let effects = perform(name, arguments) else { return "this cannot happen to a terminal that is \(shown)" }
        let expected = parts.dropFirst().map { $0.joined(separator: " ") }
        if effects != expected { return "it wants \(effects)" }
        return shown == halves[1] ? nil : "it is \(shown)"
    }

    private mutating func perform(_ name: String, _ arguments: [String]) -> [String]? {
        let numbers = arguments.compactMap { Int($0) }
        switch name {
        case "started": return start(numbers)
        case "killed": terminal = nil
        case "rebooted":
            terminal = nil
            now = .seconds(5)
        case "tick": now += Self.tick
        case "wallClockSet": wall = [0, 4_000_000_000_000, 1_795_000_000_000].first { $0 != wall } ?? 0
        case "connectionAnswered", "pollAnswered": return answer(numbers, isConnection: name == "connectionAnswered")
        case "leaseRefused": return receive(.leaseRefused(why: "bad_signature"))
        case "transferFailed":
            return receive(.transferFailed(TransferFailure(arguments == ["unauthorized"] ? .unauthorized(clockCorrected: false) : .network("cut"))))
        case "stateStored": return receive(.stateStored)
        case "stateStoreFailed": return receive(.stateStoreFailed("No space left on device"))
        case "timerFired": return ring(arguments)
        default: return nil
        }
        return []
    }

    private mutating func start(_ numbers: [Int]) -> [String]? {
        starts += 1
        terminal = Terminal(imei: imei, channel: channel, generator: Seeded(starts))
        let stored: Start.Stored =
            switch numbers[0] {
            case Self.unreadable: .unreadable("it is cut short")
            case 0: .holds(StoredState(imei: imei, channel: channel, account: nil))
            default: .holds(StoredState(lease(numbers[0], locked: numbers[1] == 1, nonce: "")))
            }
        return receive(.started(Start(stored: stored, spool: SpoolImage(), bootID: "boot")))
    }

    private mutating func answer(_ numbers: [Int], isConnection: Bool) -> [String]? {
        guard numbers[0] < nonces.count else { return nil }
        var pace = Pace()
        if numbers[3] == 1 { for _ in 0..<10 { _ = pace.delay(afterAnswerIn: .zero, news: false) } }
        terminal?.pace = pace
        let lease = lease(numbers[1], locked: numbers[2] == 1, nonce: nonces[numbers[0]])
        return receive(
            isConnection
                ? .connectionAnswered(session: "session", expiresIn: .seconds(1_000_000_000), lease: lease, sentAt: sentAt)
                : .pollAnswered(lease: lease, sentAt: sentAt))
    }

    private mutating func ring(_ arguments: [String]) -> [String]? {
        switch (arguments, terminal?.link) {
        case (["wait"], .waiting(_, let session)): terminal?.link = .waiting(until: now, session)
        case (["store"], .waiting(_, let session)):
            terminal?.link = .waiting(until: now + .seconds(1), session)
            terminal?.storeRetryAt = now
        case (["store"], _): terminal?.storeRetryAt = now
        default: return nil
        }
        return receive(.timerFired)
    }

    /// What it wants sent and stored, in the words of the trace.
    private mutating func receive(_ event: Event) -> [String]? {
        var words: [String] = []
        let moment = moment
        for effect in terminal?.receive(event, now: moment) ?? [] {
            switch effect {
            case .connect(let nonce, _, _):
                sent(nonce)
                words.append("connect")
            case .poll(_, let after, let nonce, _, _):
                sent(nonce)
                words.append("poll \(after)")
            case .storeState(let state): words.append("storeState \(state.revision) \(state.locked ? 1 : 0)")
            default: break
            }
        }
        return terminal == nil ? nil : words
    }

    private mutating func sent(_ nonce: String) {
        nonces.insert(nonce, at: 0)
        sentAt = now
    }

    private func lease(_ revision: Int, locked: Bool, nonce: String) -> LeaseClaims {
        LeaseClaims(
            sub: imei, chn: channel, rev: Revision(revision), locked: locked, reasons: locked ? ["account_locked"] : nil, iat: 1_795_000_000,
            ttl: Self.leaseTicks * 3600, nonce: nonce, wait: 110)
    }

    private var shown: String {
        guard let terminal else { return "off off 0 0" }
        return "\(link(of: terminal)) \(standing(of: terminal)) \(terminal.lock.highest) \(terminal.lock.acknowledged)"
    }

    private func link(of terminal: Terminal) -> String {
        switch terminal.link {
        case .unenrolled: "unenrolled"
        case .connecting: "connecting"
        case .polling: "polling"
        case .storing: "storing"
        case .waiting: "waiting"
        case .stopped: "stopped"
        }
    }

    private func standing(of terminal: Terminal) -> String {
        let standing = terminal.standing(at: now)
        let isPermitted = standing.decide(.airtimeVend).permitted
        return switch standing {
        case .unlocked: isPermitted ? "permits" : "over"
        case .without(.noLease, _) where !isPermitted: "over"
        case .locked where !isPermitted: "locked"
        case .without(.stateUnreadable, _) where !isPermitted: "unreadable"
        default: "\(standing)"
        }
    }
}
