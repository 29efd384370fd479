import AgentCore
import LockRules
package import Wire

/// The life of one terminal in simulated time: the real `Terminal`, and around it a server, a network, a disk, clocks and a vendor who is always
/// trying to sell. The same for the same seed.
///
/// True time, `now`, is known to the server and to the oracle only. The terminal sees its boot clock, which begins anew at a reboot, and a wall
/// clock that anybody sets.
package struct Simulation {
    /// How the shell around the terminal may be wrong: each must be found out, or a simulation without violations would show nothing.
    package enum Fault: Sendable, CaseIterable {
        /// A lease counts from when its answer came.
        case leaseFromReceipt
        /// CLOCK_MONOTONIC in the place of CLOCK_BOOTTIME.
        case clockStopsInSuspend
        /// A reboot looks like a restart of the agent.
        case sameBootForEver
        /// State is said to be stored before it is.
        case stateIsLost
    }

    package static let imei: IMEI = given { () throws(IMEI.Refusal) in try IMEI("490154203237518") }
    package static let channel: ChannelCode = given { () throws(NameRefusal) in try ChannelCode("KazTimpaPro") }

    package private(set) var tally = Tally()
    let seed: UInt64
    let fault: Fault?
    var random: Seeded
    var now = Duration.seconds(1_000_000)
    var agenda = Agenda<Happening>()
    var server = SimulatedServer()
    var oracle = Oracle()
    var network = SimulatedNetwork()
    var history: [String] = []

    // The machine.
    var terminal: Terminal
    var starts: UInt64 = 0
    var boots = 0
    var bootedAt = Duration.zero
    var slept = Duration.zero
    var wallShift = Duration.zero
    var timers = 0
    var disk = SimulatedDisk()

    // What is under way.
    /// The one that is listened to.
    var transfer: Transfer?
    var transfers = 0
    var inFlight: [Int: Transfer] = [:]
    var answers: [Int: Answer] = [:]
    /// By somebody on the way.
    var recorded: [Answer] = []
    var report: (id: Int, events: [TerminalEvent])?
    /// With the revision at which each was given.
    var slips: [(code: OfflineCode, revision: Revision)] = []

    package init(seed: UInt64, fault: Fault? = nil) {
        self.seed = seed
        self.fault = fault
        random = Seeded(seed)
        terminal = Terminal(imei: Self.imei, channel: Self.channel, generator: Seeded(seed))
        server.cap = random.chance(0.3) ? 50_000 : nil
        boot(after: .zero)
        for (happening, mean) in Happening.course { agenda.add(happening, at: now + random.interval(mean: mean)) }
    }

    package mutating func run(hours: Int) {
        let end = now + .seconds(hours * 3600)
        while let next = agenda.next, next <= end, let (at, happening) = agenda.takeFirst() {
            // What was due while the terminal slept comes late.
            now = max(now, at)
            if let mean = Happening.course[happening] { agenda.add(happening, at: now + random.interval(mean: mean)) }
            happen(happening)
        }
        now = max(now, end)
        tally.hours += Double(hours)
    }

    // MARK: The terminal's clocks

    var bootClock: Duration { now - bootedAt - (fault == .clockStopsInSuspend ? slept : .zero) }
    var moment: Moment {
        Moment(sinceBoot: bootClock, wall: Timestamp(unixMilliseconds: 1_795_000_000_000 + (now + wallShift).wholeMilliseconds))
    }

    mutating func note(_ what: String) {
        history.append("\(now.wholeMilliseconds) ms: \(what)")
        if history.count > 60 { history.removeFirst(30) }
    }

    mutating func count(_ what: String) {
        tally.count(what)
        note(what)
    }

    mutating func violation(_ what: String) {
        tally.violations += 1
        tally.add(Tally(report: "seed \(seed), \(now.wholeMilliseconds) ms: \(what)\n  \(history.suffix(15).joined(separator: "\n  "))"))
    }

    // MARK: The vendor

    mutating func sell() {
        let amount = Int64.random(in: 1...5000, using: &random)
        guard let answer = try? terminal.ask(Operation.airtimeVend.rawValue, amountCents: amount, now: moment) else { return violation("no answer") }
        if answer.decision.permitted {
            tally.permitted += 1
            if let wrong = oracle.permitted(amount, leaseMilliseconds: answer.decision.lease_ms, now: now) { violation(wrong) }
        } else {
            tally.refused += 1
        }
        perform(answer.effects)
    }

    mutating func type(_ code: OfflineCode?, givenAt revision: Revision = 0) {
        note("types \(code.map { "\($0)" } ?? "a wrong code")")
        let clock = bootClock
        var isStored = false
        var isKnown = false
        let isFull = disk.isFull
        var kept = disk.codes
        let (answer, effects) = terminal.enterCode(now: moment) { next in
            let found = code.flatMap { (next..<next + OfflineCode.window).contains($0.counter) ? $0 : nil }
            isKnown = found != nil
            return found
        } store: { memory in
            isStored = !isFull
            if isStored { kept = memory }
            return isStored
        }
        disk.codes = kept
        if answer.accepted, let code, random.chance(0.1) {
            // The battery, or the agent, goes between the disk and everything that follows.
            if let wrong = oracle.givenBeforeALock(code, revision) { violation(wrong) }
            oracle.typedBeforeKill(code, now: now)
            return restart(isReboot: random.chance(0.5))
        }
        // A right one that the disk did not take is as if it had never been typed, and no wrong one.
        if isKnown, !isStored { return perform(effects) }
        // One that is out of the window is a wrong one.
        let right = answer.accepted ? code : nil
        if let right, let wrong = oracle.givenBeforeALock(right, revision) { violation(wrong) }
        if let wrong = oracle.typed(right, accepted: answer.accepted, isStored: isStored, now: now, bootClock: clock) { violation(wrong) }
        if answer.accepted { count("code \(code?.action.rawValue ?? "")") }
        perform(effects)
        if answer.accepted { expectAsks() }
    }

    /// The moments about an end are the ones to try.
    mutating func expectAsks() {
        guard let end = oracle.end else { return }
        for milliseconds in [-1, 0, 1, 500] { agenda.add(.trial, at: max(now, end + .milliseconds(milliseconds))) }
    }

    private static func given<Value, Refusal: Error>(_ make: () throws(Refusal) -> Value) -> Value {
        do throws(Refusal) {
            return try make()
        } catch {
            preconditionFailure("a name that is right: \(error)")
        }
    }
}

extension Tally {
    fileprivate init(report: String) { reports = [report] }
}
