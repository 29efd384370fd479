import LockRules
import Wire

/// Events that wait until the server has them: on disk before they are sent, counted once, bounded.
///
/// Refusals are folded in memory first and flushed at most once a second, less often while they keep coming, so that no client
/// can wear out the flash: a crash loses at most the refusals of the last minute, and never anything else.
struct Spool: Sendable, Equatable {
    /// Oldest first; none is acknowledged.
    private(set) var events: [TerminalEvent]
    /// The highest `seq` given.
    private(set) var lastSeq: Int64
    /// Events up to here are on disk, and only those are sent.
    private(set) var storedThrough: Int64
    /// Events up to here may have reached the server, so that folding them would count them twice.
    private(set) var sentThrough: Int64 = 0
    /// Not yet events.
    private(set) var folds: [Fold] = []
    private var needsRewrite = false
    /// The highest `seq` of an earlier run.
    private let givenBefore: Int64
    /// That numbers above ours were given is nothing to tell of: it is known, or this terminal is a new one under an old name.
    private var isExplained: Bool
    /// Highest `seq` of the write that is not answered yet.
    private var writing: Int64?
    private(set) var retryAt: Duration?

    /// - Parameter isNew: of a terminal that never heard its server.
    init(_ image: SpoolImage, isNew: Bool = false) {
        events = image.events
        lastSeq = max(image.lastSeq, image.events.last?.seq ?? 0)
        givenBefore = lastSeq
        isExplained = isNew
        storedThrough = lastSeq
        // What an earlier run sent is not known.
        sentThrough = lastSeq
    }

    /// In the place of a spool that is lost, or of which this is left: new numbers are above `seq` and above all that is there.
    init(_ rest: SpoolImage = SpoolImage(), startingAbove seq: Int64) {
        self.init(rest)
        lastSeq = max(lastSeq, seq)
        isExplained = true
        needsRewrite = true
    }

    // MARK: In

    mutating func record(_ kind: TerminalEvent.Kind, at moment: Moment, _ fill: (inout TerminalEvent) -> Void = { _ in }) {
        lastSeq += 1
        var event = TerminalEvent(seq: lastSeq, kind: kind, at: moment.wall, uptime_ms: moment.sinceBoot.wholeMilliseconds)
        fill(&event)
        events.append(event)
        trim()
    }

    mutating func fold(_ new: Fold) {
        if let place = folds.firstIndex(where: { $0.folds(new) }) { folds[place].add(new) } else { folds.append(new) }
    }

    /// Makes events of what was folded.
    mutating func flush() {
        for fold in folds {
            lastSeq += 1
            var event = fold.event(seq: lastSeq)
            // What was not believed is one event from its beginning to its end, unless the beginning is on its way already.
            if fold.kind == .leaseRejected, let begun = events.lastIndex(where: { $0.seq > sentThrough && $0.folds(event) }) {
                event = event.counting(events.remove(at: begun))
                needsRewrite = true
            }
            events.append(event)
        }
        folds = []
        trim()
    }

    /// Over the bound: the oldest that can be folded are folded, then the oldest go, those of daily life before the others, `enforced` never; in
    /// one pass each: a file may hold tens of thousands.
    private mutating func trim() {
        while events.count > Limits.spooledEvents, let (older, newer) = oldestPair() {
            events[newer] = events[newer].counting(events[older])
            // Already on disk as it was: written again as a whole.
            events.remove(at: older)
            needsRewrite = true
        }
        var excess = events.count - Limits.spooledEvents
        guard excess > 0 else { return }
        for goes in [\TerminalEvent.isOfDailyLife, \.mayGo] {
            events.removeAll { event in
                guard excess > 0, event[keyPath: goes] else { return false }
                excess -= 1
                return true
            }
        }
        needsRewrite = true
    }

    /// The oldest event that can be folded into a later one. The later one's `seq` stays, so that the numbers still rise.
    private func oldestPair() -> (older: Int, newer: Int)? {
        for older in events.indices where events[older].seq > sentThrough && events[older].mayFold {
            if let newer = events[(older + 1)...].firstIndex(where: { $0.folds(events[older]) }) { return (older, newer) }
        }
        return nil
    }

    // MARK: To disk

    /// What has to be written now; `nil` when nothing, while the last write is not answered, or until a failed one is tried again.
    /// - Parameter atLast: the agent is ending: what else is out of date on disk goes with it.
    mutating func write(atLast: Bool = false) -> Effect? {
        guard writing == nil, atLast || retryAt == nil else { return nil }
        guard let last = events.last, last.seq > storedThrough || atLast && needsRewrite else { return nil }
        writing = lastSeq
        if needsRewrite { return .replaceSpool(SpoolImage(lastSeq: lastSeq, events: events)) }
        return .appendEvents(events.filter { $0.seq > storedThrough })
    }

    mutating func stored() {
        guard let through = writing else { return }
        writing = nil
        needsRewrite = false
        retryAt = nil
        storedThrough = max(storedThrough, through)
    }

    /// Half of it may be on disk: the next write replaces the whole.
    mutating func storeFailed(retryAt moment: Duration) {
        writing = nil
        needsRewrite = true
        retryAt = moment
    }

    mutating func mayWriteAgain() { retryAt = nil }

    // MARK: To the server

    /// What an earlier run has left goes by itself: what the server answers to it says whether numbers are missing here, before a new one
    /// is taken for a repetition. The file keeps the last event, so that there is one in nearly every run.
    func batch(atMost count: Int) -> [TerminalEvent] {
        let left = events.prefix { $0.seq <= givenBefore }
        return Array((left.isEmpty ? events.prefix { $0.seq <= storedThrough } : left).prefix(count))
    }

    mutating func sent(through seq: Int64) { sentThrough = max(sentThrough, seq) }

    /// Forgets what the server has. On disk it goes with the next write, so that being heard costs none: after a crash it is
    /// sent again, and the server drops it.
    ///
    /// A number above all that can have been sent says that another spool has given more, one that is lost: then what waits is numbered again,
    /// above it.
    /// - Returns: whether that is so, and new: an older copy of the file was put in its place.
    mutating func acknowledge(through seq: Int64) -> Bool {
        // No server of ours answers so: counting on from there would end in an overflow.
        guard seq <= TerminalEvent.highestSequence else { return false }
        var isOlder = false
        if seq > sentThrough {
            lastSeq = max(lastSeq, seq)
            storedThrough = lastSeq
            sentThrough = lastSeq
            for place in events.indices {
                lastSeq += 1
                events[place].seq = lastSeq
            }
            isOlder = !isExplained
            isExplained = true
        } else {
            guard let first = events.first, first.seq <= seq else { return false }
            events.removeAll { $0.seq <= seq }
        }
        needsRewrite = true
        return isOlder
    }

    /// Takes out one event that the server will not have.
    mutating func drop(seq: Int64) {
        events.removeAll { $0.seq == seq }
        needsRewrite = true
    }
}

extension TerminalEvent {
    private static let daily = [Kind.started, .gateRefused, .offline, .location].map(\.rawValue)

    /// Nobody who makes many of these may make a spool forget a tampering or a code.
    fileprivate var isOfDailyLife: Bool { Self.daily.contains(kind) }
    fileprivate var mayGo: Bool { kind != Kind.enforced.rawValue }
}
