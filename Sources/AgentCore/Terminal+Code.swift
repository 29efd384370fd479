import LockRules
package import Wire

/// Offline codes: the word of staff, typed by the vendor.
///
/// The server's word is above it: a newer revision ends an extension, and whatever lock state the server says when it is heard
/// takes the place of the one that a code made. Codes that were given before a lock count no more once the lock is here.
extension Terminal {
    /// The first counter that would be accepted; `nil` without a key.
    package var nextCode: Int64? { codes?.next }

    /// The server has given a key, which is on disk with this memory.
    package mutating func codesGranted(_ memory: CodeMemory) {
        codes = memory
        codeWaitEnd = .zero
    }

    /// A code was typed.
    ///
    /// - Parameters:
    ///   - find: what it says, in the window from this counter on; `nil` when it is wrong.
    ///   - store: makes the memory durable. It is called before anything comes of a right code, and before a wrong one is called wrong,
    ///     so that a power cut gives no try for nothing and no code twice.
    package mutating func enterCode(
        now: Moment, find: (_ next: Int64) -> OfflineCode?, store: (CodeMemory) -> Bool
    ) -> (answer: CodeAnswer, effects: [Effect]) {
        guard link != .unenrolled, link != .stopped, var memory = codes else {
            return (CodeAnswer("This terminal has no key for offline codes yet. Connect it to the network once."), [])
        }
        guard let state = lock.wanted?.state ?? lock.enforced else {
            return (CodeAnswer("This terminal's lock state is damaged, and no code mends it. Connect it to the network."), [])
        }
        guard codeWaitEnd <= now.sinceBoot else {
            let wait = codeWaitEnd - now.sinceBoot
            return (CodeAnswer("Too many wrong codes. Wait \(Self.words(wait)), then try again.", wait: wait), [])
        }
        guard let found = find(memory.next), found.counter >= memory.next else {
            memory.wrong = min(memory.wrong, 1 << 20) + 1
            codes = memory
            codeWaitEnd = now.sinceBoot + memory.delay
            // Whether it is on disk or not, this try is over, and the next one waits.
            let isStored = store(memory)
            let more = isStored ? "" : " The try could not be stored: make room on the disk."
            let sentence = "This code is not right. Read it again, or ask support for a new one. Wait \(Self.words(memory.delay)).\(more)"
            return (CodeAnswer(sentence, wait: memory.delay), [])
        }
        guard found.action != .extend || !state.locked else {
            return (CodeAnswer("This code only lets an open terminal sell for longer, and this one is locked. It stays good for later."), [])
        }
        memory.next = found.counter + 1
        memory.wrong = 0
        let end = found.hours > 0 ? now.sinceBoot + .seconds(found.hours * 3600) : nil
        memory.extended = end.map {
            .init(boot_id: bootID, end_ms: $0.wholeMilliseconds, revision: state.revision)
        }
        guard store(memory) else {
            // Nothing came of it, so that it is not used: said to be, the server would count past what the disk knows after the next start.
            return (CodeAnswer("The code is right and could not be stored. Make room on the disk, then type it again."), [])
        }
        codes = memory
        codeWaitEnd = .zero
        obey(found, state, end, now)
        return (CodeAnswer(accepted: true, Self.sentence(for: found)), settle(now))
    }

    private mutating func obey(_ code: OfflineCode, _ state: StoredState, _ end: Duration?, _ now: Moment) {
        spool.record(.codeUsed, at: now) { event in
            event.counter = code.counter
            event.action = code.action.rawValue
            if code.hours > 0 { event.hours = code.hours }
        }
        effects.append(
            .log(.warning, "Offline code \(code.counter) was entered: \(code.action.rawValue)\(code.hours > 0 ? ", \(code.hours) h" : "")."))
        extended = end.map { Extended(end: $0, revision: state.revision) }
        // Staff have been heard: what is spent counts anew.
        if end != nil { spending = Spending(cap: spending.cap) }
        guard code.action != .extend else { return }
        var state = state
        state.locked = code.action == .lock
        state.reasons = state.locked ? [Reason.deviceLocked.rawValue] : []
        state.blocked = state.locked ? Operation.spending.map(\.rawValue) : []
        state.msg = nil
        if lock.accept(state, at: now.sinceBoot) {
            storeRetryAt = nil
            effects.append(.storeState(state))
        }
        // Should the server be in reach after all, its word is asked for at once: a poll would wait, because it knows the revision.
        connect(now)
    }

    /// The server says from which code on they count.
    mutating func voidCodes(below next: Int64) {
        guard var memory = codes, next > memory.next, next <= TerminalEvent.highestSequence else { return }
        memory.next = next
        codes = memory
        effects.append(.storeCodes(memory))
    }

    /// What ended an extension is normally on disk, and says so by its revision or its lock. When it could not be stored, the extension itself
    /// goes: otherwise an agent that is killed would find it again, and the older state with it.
    mutating func forgetEndedExtension(_ now: Moment) {
        guard extended == nil, var memory = codes, let kept = memory.extended else { return }
        guard kept.boot_id == bootID, .milliseconds(kept.end_ms) > now.sinceBoot else { return }
        memory.extended = nil
        codes = memory
        effects.append(.storeCodes(memory))
    }

    /// After a start: the count of wrong tries, and what is left of an extension of this boot.
    mutating func resumeCodes(_ memory: CodeMemory?, _ now: Moment) {
        guard let memory, memory.imei == imei, memory.next <= TerminalEvent.highestSequence else { return }
        codes = memory
        // Nobody knows how long the power was off: the whole wait again.
        codeWaitEnd = now.sinceBoot + memory.delay
        guard let kept = memory.extended, kept.boot_id == bootID, let state = lock.enforced, !state.locked, state.revision == kept.revision else {
            return
        }
        let longest = now.sinceBoot + .seconds(OfflineCode.mostHours * 3600)
        extended = Extended(end: min(.milliseconds(kept.end_ms), longest), revision: kept.revision)
        // What was spent under it is not known.
        spending = Spending(usedUp: state.cap)
    }

    private static func sentence(for code: OfflineCode) -> String {
        switch (code.action, code.hours) {
        case (.extend, let hours): "Accepted. This terminal may sell for \(hours) h without the server."
        case (.unlock, 0): "Accepted. The lock is lifted until the server is heard."
        case (.unlock, let hours): "Accepted. The lock is lifted, and this terminal may sell for \(hours) h, until the server is heard."
        case (.lock, _): "Accepted. This terminal is locked."
        }
    }

    private static func words(_ wait: Duration) -> String {
        let seconds = max(1, wait.components.seconds)
        return seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    }
}

/// A lease that a code has lengthened.
struct Extended: Sendable, Equatable {
    /// Boot time.
    let end: Duration
    let revision: Revision
}
