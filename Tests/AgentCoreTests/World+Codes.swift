@testable import AgentCore
import Wire

/// What the test knows of offline codes: the server's half, the slips of paper that the vendor keeps, and what the terminal may remember.
struct Codes {
    struct Slip {
        let key: Int
        let code: OfflineCode
    }

    // The server's half: `OfflineCodes` of the back office.
    var key = 0
    var nextIssued: Int64 = 0
    var nextUsed: Int64 = 0
    var slips: [Slip] = []
    /// Below it, codes were given before a lock that the terminal has heard.
    var voidBelow: Int64 = 0

    // The terminal's.
    var hasKey = false
    var next: Int64 = 0
    var wrong = 0
    /// What the last successful write holds.
    var stored: (next: Int64, wrong: Int)?
    var waitEnd = Duration.zero
    var extended: (end: Duration, revision: Revision)?
    /// Counters that worked, ever.
    var used: Set<Int64> = []
    var isBroken: String?
    var seen: [String: Int] = [:]

    mutating func saw(_ what: String) { seen[what, default: 0] += 1 }

    /// RFC 4226 section 7.3, in words of its own.
    static func delay(_ wrong: Int) -> Duration { wrong == 0 ? .zero : .seconds(min(900, 5 << min(wrong - 1, 8))) }

    /// For what the server's state is already.
    mutating func issue(isLocked: Bool, hours: Int) -> Slip {
        let action = isLocked ? OfflineCode.Action.lock : hours.isMultiple(of: 2) ? .unlock : .extend
        let first = max(nextUsed, voidBelow)
        let counter = min(max(nextIssued, first), first + OfflineCode.window - 1)
        nextIssued = max(nextIssued, counter + 1)
        let slip = Slip(key: key, code: OfflineCode(counter: counter, action: action, hours: isLocked ? 0 : hours)!)
        slips.append(slip)
        return slip
    }

    mutating func hear(next: Int64) {
        nextUsed = max(nextUsed, next)
        nextIssued = max(nextIssued, nextUsed)
    }

    mutating func hear(_ event: TerminalEvent) { if event.kind == "code_used", let counter = event.counter { hear(next: counter + 1) } }
}

extension World {
    /// The truth was answered: what the connection said, and what the answer ends.
    mutating func hearCodes() {
        if let extended = codes.extended, isLocked || revision > extended.revision {
            codes.extended = nil
            codes.saw("an extension ended by the server")
        }
        guard case .connect = rig.request else { return }
        if let reported = rig.reportedCode { return codes.hear(next: reported) }
        codes.saw("a key asked for")
        codes.key += 1
        codes.nextIssued = max(codes.nextIssued, codes.nextUsed)
        codes.nextUsed = codes.nextIssued
        // As `AgentLoop.take`: a key that is not on disk is none.
        guard !rig.isDiskFull else { return }
        let memory = CodeMemory(imei: imei, next: codes.nextUsed)
        rig.codes = memory
        rig.terminal.codesGranted(memory)
        codes.hasKey = true
        (codes.next, codes.wrong, codes.waitEnd) = (codes.nextUsed, 0, .zero)
    }

    /// What a lease that is about to be heard says of them.
    mutating func voidCodes() -> Int64? {
        guard isLocked, codes.nextIssued > 0 else { return nil }
        if codes.hasKey {
            codes.voidBelow = max(codes.voidBelow, codes.nextIssued)
            if codes.nextIssued > codes.next {
                codes.saw("ended by a lock")
                codes.next = codes.nextIssued
                if !rig.isDiskFull { codes.stored = (codes.next, codes.wrong) }
            }
        }
        return codes.nextIssued
    }

    mutating func typeCode() {
        let slip: Codes.Slip?
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: slip = nil
        case 3..<7 where codes.key > 0: slip = codes.issue(isLocked: isLocked, hours: Int.random(in: 0...3, using: &random))
        default: slip = codes.slips.randomElement(using: &random)
        }
        let isKilled = chance(10)
        note("code \(slip.map { "\($0.code) of key \($0.key)" } ?? "wrong")\(isKilled ? ", killed behind it" : "")")
        guard !isKilled else { return enter(slip, isKilled: true) }
        enter(slip, isKilled: false)
    }

    /// Types it, and checks the answer against what it must be.
    private mutating func enter(_ slip: Codes.Slip?, isKilled: Bool) {
        let isFull = rig.isDiskFull
        let isReadable = rig.terminal.lock.wanted != nil || rig.terminal.lock.enforced != nil
        let isLookedAt = codes.hasKey && isReadable && rig.now >= codes.waitEnd
        let code = slip.flatMap { $0.key == codes.key ? $0.code : nil }
        let isInWindow = code.map { (codes.next..<codes.next + OfflineCode.window).contains($0.counter) } ?? false
        let isLockedHere = (rig.terminal.lock.wanted?.state ?? rig.terminal.lock.enforced)?.locked == true
        let isUseless = isInWindow && code?.action == .extend && isLockedHere
        let isRight = isInWindow && !isUseless
        let looks = rig.codeLooks
        let answer = rig.enter(code, isKilled: isKilled)
        defer { if isKilled { codes.saw("killed"); restart() } }
        if (rig.codeLooks > looks) != isLookedAt { codes.isBroken = "a code is \(isLookedAt ? "not " : "")looked at" }
        if answer.accepted != (isLookedAt && isRight && !isFull) {
            codes.isBroken = "a code is \(answer.accepted ? "" : "not ")accepted: \(answer.message)"
        }
        guard isLookedAt else {
            if codes.hasKey, isReadable {
                codes.saw("slowed")
                if answer.wait != codes.waitEnd - rig.now { codes.isBroken = "a wait of \(answer.wait) in place of \(codes.waitEnd - rig.now)" }
            }
            return
        }
        guard !isUseless else { return codes.saw("no use under a lock") }
        guard isRight, let code else {
            codes.saw(slip == nil ? "wrong" : "old")
            codes.wrong += 1
            codes.waitEnd = rig.now + Codes.delay(codes.wrong)
            if answer.wait != Codes.delay(codes.wrong) { codes.isBroken = "the wait after \(codes.wrong) wrong codes is \(answer.wait)" }
            if !isFull { codes.stored = (codes.next, codes.wrong) }
            return
        }
        guard !isFull else { return codes.saw("not stored") }
        (codes.next, codes.wrong) = (code.counter + 1, 0)
        codes.stored = (codes.next, 0)
        codes.waitEnd = .zero
        if !codes.used.insert(code.counter).inserted { codes.isBroken = "counter \(code.counter) works twice" }
        let known = newest?.revision ?? 0
        codes.extended = code.hours > 0 ? (rig.now + .seconds(code.hours * 3600), known) : nil
        guard !isKilled else { return }
        codes.saw(code.action.rawValue)
        if code.hours > 0 { spent = 0 }
        if code.action != .extend { newest = (known, code.action == .lock) }
    }

    mutating func restartCodes(isReboot: Bool) {
        codes.hasKey = rig.codes != nil
        if isReboot { codes.extended = nil }
        guard codes.hasKey, let stored = codes.stored else { return }
        (codes.next, codes.wrong) = stored
        codes.waitEnd = rig.now + Codes.delay(stored.wrong)
    }

    /// The file may have been written for another reason than a code.
    mutating func observeCodes() { if codes.hasKey, rig.codes == rig.terminal.codes { codes.stored = (codes.next, codes.wrong) } }

    func brokenCodes() -> String? {
        if let broken = codes.isBroken { return broken }
        let next = codes.hasKey ? codes.next : nil
        return rig.terminal.nextCode == next
            ? nil : "the next counter is \(String(describing: rig.terminal.nextCode)), not \(String(describing: next))"
    }

    /// The network is back and stays: what server and terminal then say otherwise of each other.
    mutating func disagreement() -> String? {
        rig.isDiskFull = false
        restart()
        for _ in 0..<3 {
            if rig.request == nil { rig.advance(.seconds(60)) }
            answerTruly()
            while let batch = rig.sending {
                take(batch)
                rig.acknowledge()
            }
        }
        if let broken = broken() { return broken }
        if rig.terminal.lock.enforced?.locked != isLocked { return "the terminal does not do what the server says" }
        if rig.terminal.nextCode != max(codes.nextUsed, codes.voidBelow) {
            return "used up to \(codes.nextUsed), says the server, and \(rig.terminal.nextCode ?? -1), says the terminal"
        }
        return nil
    }
}
