@testable import AgentCore
import LockRules
import TerminalSimulation
import Wire

/// One random life: a rig, the truth of its server, and what the test knows of both.
struct World {
    var rig = Rig()
    var random: Seeded
    var history: [String] = []
    var permitted = 0

    // The server's truth.
    var revision: Revision = 1
    var isLocked = false
    var received: [Int64: TerminalEvent] = [:]

    // What the test knows of the terminal.
    var codes = Codes()
    var boots = 1
    var leaseEnd: Duration?
    var cap: Int64?
    /// What a reboot leaves of it.
    var storedCap: Int64?
    /// Cents permitted since the server was last heard.
    var spent: Int64 = 0
    var highestStored: Revision = 0
    /// Whether the newest accepted state is locked; `nil` before any is known.
    var newest: (revision: Revision, locked: Bool)?
    var isUnreadable = false
    var refusals = 0
    var lostRefusals = 0

    init(seed: UInt64) {
        random = Seeded(seed &* 7919)
        rig.start()
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func step() {
        let action = Int.random(in: 0..<100, using: &random)
        switch action {
        case 0..<10: change()
        case 10..<40: answerTruly()
        case 40..<48: forge()
        case 48..<58: fail()
        case 58..<75: advance()
        case 75..<84: note("ask"); ask()
        case 84..<90: typeCode()
        case 90..<92:
            rig.isDiskFull.toggle()
            note("disk full: \(rig.isDiskFull)")
        case 92..<94: restart()
        case 94..<95: restart(isReboot: true)
        case 95..<96: damage()
        case 96..<97:
            note("another SIM")
            rig.receive(.identityChanged(what: "sim_changed"))
        default: events()
        }
        observe()
    }

    mutating func note(_ text: String) { history.append("\(rig.now): \(text)") }

    mutating func change() {
        revision += Int64.random(in: 1...3, using: &random)
        isLocked.toggle()
        note("server: revision \(revision), locked \(isLocked)")
    }

    mutating func answerTruly() {
        guard rig.request != nil else { return advance() }
        let ttl = [5, 60, 240].randomElement(using: &random)!
        note("answer \(revision) locked \(isLocked) ttl \(ttl)")
        // The server's revision never goes back, so that only a damaged state has a lower one.
        let sentAt = rig.requestSentAt
        newest = (revision, isLocked)
        leaseEnd = sentAt + .seconds(ttl)
        hearCodes()
        cap = chance(50) ? Int64.random(in: 0...500, using: &random) : nil
        spent = 0
        rig.answer(rig.lease(revision, locked: isLocked, ttl: ttl, cap: cap, nextCode: voidCodes()))
    }

    mutating func forge() {
        guard rig.request != nil else { return }
        note("forged answer")
        switch Int.random(in: 0..<5, using: &random) {
        case 0: rig.answer(rig.lease(revision + 1, nonce: "replayed"))
        case 1: rig.answer(rig.lease(revision + 1, sub: otherIMEI))
        case 2: rig.answer(rig.lease(revision + 1, chn: try! ChannelCode("KazAndroid")))
        case 3:
            rig.request = nil
            rig.receive(.leaseRefused(why: "bad_signature"))
        default:
            guard rig.terminal.lock.highest > 0 else { return }
            rig.answer(rig.lease(rig.terminal.lock.highest - 1))
        }
    }

    mutating func fail() {
        guard rig.request != nil else { return }
        note("fail")
        let kinds: [TransferFailure.Kind] = [.network("cut"), .unauthorized(clockCorrected: chance(50)), .status(503, code: nil), .unusable("html")]
        rig.fail(kinds.randomElement(using: &random)!, retryAfter: chance(20) ? .seconds(Int.random(in: 0...400, using: &random)) : nil)
    }

    mutating func advance() {
        // Now and then long enough for the wait after wrong codes, or for an extension to end.
        let milliseconds =
            chance(10) ? [900_000, 7_200_000].randomElement(using: &random)! : [1, 100, 1000, 10_000, 100_000].randomElement(using: &random)!
        note("advance \(milliseconds) ms")
        rig.advance(.milliseconds(Int.random(in: 0...milliseconds, using: &random)))
    }

    mutating func ask() {
        let amount = chance(90) ? Int64.random(in: 0...200, using: &random) : nil
        let decision = rig.ask(Operation.spending.randomElement(using: &random)!, amount: amount)
        guard decision.permitted else {
            refusals += 1
            return
        }
        permitted += 1
        if leaseEnd.map({ rig.now >= $0 }) ?? true { codes.saw("sold on an extension") }
        // Without an amount it may have been any.
        spent += amount ?? 1_000_000
    }

    mutating func restart(isReboot: Bool = false) {
        note(isReboot ? "reboot" : "kill")
        lostRefusals += rig.terminal.spool.folds.filter { $0.kind == .gateRefused }.reduce(0) { $0 + $1.count }
        // Events that never reached the disk are lost with the memory; refusals among them are counted.
        lostRefusals += unstored.filter { $0.kind == "gate_refused" }.reduce(0) { $0 + ($1.count ?? 1) }
        let stored = rig.state
        if isReboot {
            boots += 1
            rig.wallShift = .seconds(Int.random(in: -1_795_000_000...600_000_000, using: &random))
            rig.reboot("boot \(boots)", at: .milliseconds(Int.random(in: 0...60_000, using: &random)))
        } else {
            rig.restart()
        }
        // Nobody knows what was spent: nothing is left, until a lease or a code.
        cap = storedCap
        spent = storedCap ?? 0
        restartCodes(isReboot: isReboot)
        leaseEnd = nil
        newest = stored.map { ($0.revision, $0.locked) }
        isUnreadable = stored == nil
    }

    var unstored: [TerminalEvent] {
        let onDisk = Set(rig.spooled.map(\.seq))
        return rig.terminal.spool.events.filter { !onDisk.contains($0.seq) }
    }

    mutating func damage() {
        note("state file damaged")
        rig.state = nil
        storedCap = nil
        highestStored = 0
        if chance(50) { rig.codes = nil }
        restart()
    }

    mutating func events() {
        guard let batch = rig.sending else { return }
        note("events \(batch.map(\.seq))")
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            rig.sending = nil
            rig.receive(.eventsFailed(TransferFailure(.network("cut"))))
        case 1:  // Taken, and the answer is lost.
            take(batch)
            rig.sending = nil
            rig.receive(.eventsFailed(TransferFailure(.network("cut"))))
        default:
            take(batch)
            rig.acknowledge()
        }
    }

    /// As the server does: what it has is not counted again.
    mutating func take(_ batch: [TerminalEvent]) {
        for event in batch where received[event.seq] == nil {
            received[event.seq] = event
            codes.hear(event)
        }
    }

    mutating func observe() {
        if let state = rig.state, state.revision > 0 {
            isUnreadable = false
            highestStored = max(highestStored, state.revision)
            if rig.terminal.lock.wanted == nil, rig.terminal.lock.disk == .holds(state) { storedCap = cap }
        }
        observeCodes()
    }

    /// The first invariant that does not hold.
    mutating func broken() -> String? {
        let standing = rig.terminal.standing(at: rig.now)
        if case .unlocked(_, let remaining) = standing, remaining > .zero {
            guard let end = [leaseEnd, codes.extended?.end].compactMap(\.self).max(), rig.now < end else {
                return "permits without a running lease or extension"
            }
            if remaining > end - rig.now { return "the lease or its extension runs longer than it was given" }
            guard newest?.locked == false else { return "permits although the newest state is locked" }
            if rig.state?.locked != false { return "permits although the disk says locked" }
            if let cap, spent >= cap { return "permits although the cap is reached" }
        }
        if let cap, spent > cap { return "\(spent) cents were permitted under a cap of \(cap)" }
        if newest?.locked == true, !isUnreadable, case .locked = standing {
        } else if newest?.locked == true, !isUnreadable {
            return "a lock that was accepted or stored is not in force: \(standing)"
        }
        if let state = rig.state, state.revision < highestStored { return "the stored revision went down" }
        if rig.terminal.lock.acknowledged > (rig.state?.revision ?? 0) { return "acknowledges what is not stored" }
        if case .poll(let after, _, _) = rig.request, after > (rig.state?.revision ?? 0) { return "after says more than is stored" }
        // The day's search for the position gets nothing going.
        let isIdle = rig.timer == nil || rig.timer == rig.terminal.nextSearch
        if rig.request == nil, isIdle { return "stalled: nothing under way and no timer" }
        if let timer = rig.timer, timer < rig.now { return "the timer is in the past" }
        if isIdle, !rig.terminal.spool.folds.isEmpty { return "folded events wait for nothing" }
        let seqs = rig.terminal.spool.events.map(\.seq)
        if seqs != seqs.sorted() || Set(seqs).count != seqs.count { return "the numbers of the events do not rise" }
        if let sending = rig.sending, !sending.allSatisfy({ event in rig.spooled.contains { $0.seq == event.seq } }) {
            return "sends what is not stored"
        }
        return brokenCodes() ?? countsDisagree()
    }

    /// Every refusal is counted exactly once: at the server, on the way, folded, or lost with a kill before it was written.
    func countsDisagree() -> String? {
        func count(_ events: some Sequence<TerminalEvent>) -> Int {
            events.filter { $0.kind == "gate_refused" }.reduce(0) { $0 + ($1.count ?? 1) }
        }
        let waiting = rig.terminal.spool.events.filter { received[$0.seq] == nil }
        let folded = rig.terminal.spool.folds.filter { $0.kind == .gateRefused }.reduce(0) { $0 + $1.count }
        let sum = count(received.values) + count(waiting) + folded + lostRefusals
        return sum == refusals ? nil : "\(refusals) refusals, \(sum) accounted for"
    }
}
