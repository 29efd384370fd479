import AgentCore
import Wire

/// What may be spent, by true time and the server's truth alone: no clock of the terminal is in it, and no count of its own.
///
/// A lease must have ended its `life` after the server signed it, however long the answer took and whatever the terminal believes.
struct Oracle {
    /// True time.
    private var leaseEnd: Duration?
    private var newest: (revision: Revision, isLocked: Bool)?
    /// Revisions of the locks that came to the terminal and are not forgotten with its memory.
    private var locks: [Revision] = []
    private var extended: (end: Duration, revision: Revision)?
    private var cap: Int64?
    private var spent: Int64 = 0
    /// Of all codes that were accepted.
    private var used: Set<Int64> = []
    private var wrong = 0
    private var storedWrong = 0
    /// Boot time.
    private var waitEnd = Duration.zero

    /// The answer to the terminal's request of this moment came, and nothing was wrong with it.
    mutating func heard(_ claims: LeaseClaims, signedAt: Duration, life: Duration) {
        if let newest, claims.rev < newest.revision { return }
        newest = (claims.rev, claims.locked)
        if claims.locked { locks.append(claims.rev) }
        leaseEnd = signedAt + life
        cap = claims.cap
        spent = 0
        if let extended, claims.locked || claims.rev > extended.revision { self.extended = nil }
    }

    /// What is on disk is all that is left.
    mutating func restarted(isReboot: Bool, disk: StoredState?, bootClock: Duration) {
        leaseEnd = nil
        newest = disk.map { ($0.revision, $0.locked) }
        locks.removeAll { $0 > disk?.revision ?? 0 }
        cap = disk?.cap
        spent = cap ?? 0
        if isReboot { extended = nil }
        wrong = storedWrong
        waitEnd = bootClock + Self.delay(wrong)
    }

    mutating func typed(_ code: OfflineCode?, accepted: Bool, isStored: Bool, now: Duration, bootClock: Duration) -> String? {
        let isSlowed = bootClock < waitEnd
        guard accepted, let code else {
            if accepted { return "a wrong code was accepted" }
            if code == nil, !isSlowed {
                wrong += 1
                if isStored { storedWrong = wrong }
                waitEnd = bootClock + Self.delay(wrong)
            }
            return nil
        }
        if isSlowed { return "a code was accepted \(waitEnd - bootClock) too early" }
        if !used.insert(code.counter).inserted { return "the code of counter \(code.counter) worked twice" }
        (wrong, storedWrong) = (0, 0)
        let revision = newest?.revision ?? 0
        extended = code.hours > 0 ? (now + .seconds(code.hours * 3600), revision) : nil
        if code.hours > 0 { spent = 0 }
        if code.action != .extend { newest = (revision, code.action == .lock) }
        return nil
    }

    /// What is wrong with accepting a code that was given at `revision`: a newer lock has come.
    func givenBeforeALock(_ code: OfflineCode, _ revision: Revision) -> String? {
        guard code.action != .lock, let lock = locks.max(), revision < lock else { return nil }
        return "a code that was given at revision \(revision) was accepted after the lock of revision \(lock)"
    }

    /// A code was accepted and stored, and the agent was killed before anything came of it.
    mutating func typedBeforeKill(_ code: OfflineCode, now: Duration) {
        used.insert(code.counter)
        storedWrong = 0
        extended = code.hours > 0 ? (now + .seconds(code.hours * 3600), newest?.revision ?? 0) : nil
    }

    /// Until when anything may be spent; `nil`: nothing may.
    var end: Duration? { [leaseEnd, extended?.end].compactMap(\.self).max() }

    /// What is wrong with a permission; counts its amount.
    mutating func permitted(_ amountCents: Int64, leaseMilliseconds: Int64, now: Duration) -> String? {
        guard let end else { return "permitted without lease or extension" }
        guard now < end else { return "permitted \(now - end) after the end" }
        if newest?.isLocked != false { return "permitted under a lock" }
        if .milliseconds(leaseMilliseconds) > end - now { return "a lease of \(leaseMilliseconds) ms is promised, and \(end - now) are left" }
        spent += amountCents
        if let cap, spent > cap { return "\(spent) cents permitted under a cap of \(cap)" }
        return nil
    }

    /// RFC 4226 section 7.3, in words of its own.
    private static func delay(_ wrong: Int) -> Duration { wrong == 0 ? .zero : .seconds(min(900, 5 << min(wrong - 1, 8))) }
}
