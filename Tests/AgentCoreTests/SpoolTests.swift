@testable import AgentCore
import LockRules
import Testing
import Wire

struct SpoolTests {
    private func locked() -> Rig {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, locked: true))
        return rig
    }

    @Test func startsAndEnforcementsAreWrittenBeforeTheyAreSent() {
        var rig = Rig()
        rig.start()
        #expect(rig.spooled.map(\.kind) == ["started"])
        #expect(rig.spooled.first?.boot_id == "boot")
        rig.isDiskFull = true
        rig.answer(rig.lease(5, locked: true))
        #expect(rig.sending?.map(\.kind) == ["started"])
        rig.acknowledge()
        rig.isDiskFull = false
        rig.advance(.seconds(20))
        #expect(rig.sending?.map(\.kind) == ["enforced"])
    }

    @Test func anAcknowledgementBeyondAllCountingIsIgnored() {
        var spool = Spool(SpoolImage(lastSeq: 7, events: [TerminalEvent(seq: 7, kind: .started, at: Timestamp(unixMilliseconds: 0), uptime_ms: 0)]))
        var isOlder = spool.acknowledge(through: .max)
        #expect(!isOlder && spool.events.map(\.seq) == [7])
        isOlder = spool.acknowledge(through: 1 << 53)
        #expect(isOlder)
        #expect(spool.events.map(\.seq) == [(1 << 53) + 1])
    }

    @Test func aThousandRefusalsAreOneWriteAndOneEvent() {
        var rig = locked()
        let before = rig.spoolWrites
        for _ in 0..<1000 { _ = rig.ask(.airtimeVend, amount: 5000) }
        #expect(rig.spoolWrites == before)
        rig.advance(.seconds(1))
        #expect(rig.spoolWrites == before + 1)
        let refused = rig.spooled.filter { $0.kind == "gate_refused" }
        #expect(refused.count == 1)
        #expect(refused.first?.count == 1000)
        #expect(refused.first?.amount_cents == 5_000_000)
        #expect(refused.first?.operation == "airtime_vend")
        #expect(refused.first?.reason == "account_locked")
    }

    @Test func oneRefusalIsToldWithinASecond() {
        var rig = locked()
        rig.acknowledgeAll()
        _ = rig.ask(.depositAdvance, amount: 10_000)
        rig.advance(.seconds(1))
        #expect(rig.sending?.map(\.kind) == ["gate_refused"])
        #expect(rig.sending?.first?.count == nil)
    }

    @Test func aClientThatAsksWithoutEndDoesNotWearOutTheFlash() {
        var rig = locked()
        let before = rig.spoolWrites
        for _ in 0..<36_000 {
            _ = rig.ask(.airtimeVend)
            rig.advance(.milliseconds(100))
            rig.acknowledge()
        }
        #expect(rig.spoolWrites - before <= 65, "\(rig.spoolWrites - before) writes in an hour")
    }

    @Test func amountsThatDoNotFitAreHeldAtTheEnd() {
        var rig = locked()
        for _ in 0..<3 { _ = rig.ask(.airtimeVend, amount: .max) }
        rig.advance(.seconds(1))
        #expect(rig.spooled.last?.amount_cents == .max)
    }

    @Test func overTheBoundRefusalsAreFoldedFirstAndEnforcementsStay() {
        var spool = Spool(SpoolImage())
        let moment = Moment(sinceBoot: .zero, wall: Timestamp(unixMilliseconds: 0))
        for round in 0..<2000 {
            spool.record(.enforced, at: moment) { $0.revision = Revision(round) }
            if round >= 300 { continue }
            spool.fold(Fold(kind: .gateRefused, operation: "airtime_vend", cause: "account_locked", since: moment, amountCents: 1))
            spool.flush()
            spool.record(.offline, at: moment)
        }
        #expect(spool.events.filter { $0.kind == "enforced" }.count == 2000)
        #expect(spool.events.map(\.seq) == spool.events.map(\.seq).sorted())
    }

    @Test func foldingKeepsTheCount() {
        var spool = Spool(SpoolImage())
        let moment = Moment(sinceBoot: .zero, wall: Timestamp(unixMilliseconds: 0))
        for round in 0..<3000 {
            let operation = Operation.spending[round % Operation.spending.count].rawValue
            spool.fold(Fold(kind: .gateRefused, operation: operation, cause: "account_locked", since: moment, amountCents: 2))
            spool.flush()
        }
        #expect(spool.events.count <= Limits.spooledEvents)
        #expect(spool.events.reduce(0) { $0 + ($1.count ?? 1) } == 3000)
        #expect(spool.events.reduce(0) { $0 + ($1.amount_cents ?? 0) } == 6000)
    }

    @Test func whatMayHaveReachedTheServerIsNotFoldedAgain() {
        var spool = Spool(SpoolImage())
        let moment = Moment(sinceBoot: .zero, wall: Timestamp(unixMilliseconds: 0))
        func refuse() {
            spool.fold(Fold(kind: .gateRefused, operation: "airtime_vend", cause: "account_locked", since: moment, amountCents: nil))
            spool.flush()
        }
        for _ in 0..<10 { refuse() }
        spool.sent(through: 10)
        for _ in 0..<1000 { refuse() }
        #expect(spool.events.prefix(10).allSatisfy { $0.count == nil })
    }

    @Test func theSpoolStaysWithinItsBytes() {
        var rig = locked()
        rig.sending = nil
        for round in 0..<600 {
            rig.receive(.leaseRefused(why: String(repeating: "\u{1F512}", count: 1000) + "\(round)"))
            _ = rig.ask(Operation.spending[round % 7], amount: .max)
            rig.advance(.seconds(60))
            if rig.request != nil { rig.fail() }
        }
        let bytes = rig.terminal.spool.events.reduce(0) { $0 + JSON.encode($1).count }
        #expect(bytes < 256 * 1024)
    }

    /// As many as the file may hold: one after the other they would take minutes, and the watchdog would end each start.
    @Test(.timeLimit(.minutes(1))) func aSpoolOfTensOfThousandsIsCutAtOnce() {
        var rig = locked()
        let time = Timestamp(unixMilliseconds: 1_795_000_000_000)
        rig.spool = SpoolImage(
            lastSeq: 30_000, events: (1...30_000).map { TerminalEvent(seq: $0, kind: $0 <= 10 ? .enforced : .started, at: time, uptime_ms: $0) })
        rig.restart()
        let events = rig.terminal.spool.events
        #expect(events.count == Limits.spooledEvents)
        #expect(events.prefix(10).map(\.seq) == Array(1...10))
        #expect(events[10].seq > 29_000)
    }

    @Test func aLostSpoolCountsOnAboveAllThatWasGiven() {
        var rig = locked()
        rig.spool = nil
        rig.restart()
        rig.answer(rig.lease(6, locked: true))
        #expect(rig.spooled.first?.what == "spool_unreadable")
        #expect(rig.spooled.allSatisfy { $0.seq > 1_000_000_000_000 })
    }

    @Test func eventsTheServerTakesForRepetitionsAreNumberedAgain() {
        var rig = locked()
        let kinds = rig.terminal.spool.events.map(\.kind)
        rig.sending = nil
        rig.receive(.eventsAcknowledged(through: 5_000))
        // A new terminal under an old name: it was never heard before, so that nobody is accused.
        #expect(rig.terminal.spool.events.map(\.kind) == kinds)
        #expect(rig.terminal.spool.events.map(\.seq) == [5001, 5002])
        #expect(rig.sending?.map(\.seq) == [5001, 5002])
    }

    /// A terminal that was heard, and an older copy of its events at its next start.
    /// - Parameter had: what the server has.
    private func older(_ copy: SpoolImage, had: Int64) -> Rig {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.spool = copy
        rig.restart()
        rig.answer(rig.lease(5))
        // The server drops what it takes for repetitions.
        var last = had
        var taken: [TerminalEvent] = []
        while let sending = rig.sending {
            taken += sending.filter { $0.seq > last }
            last = max(last, sending.last?.seq ?? 0)
            rig.sending = nil
            rig.receive(.eventsAcknowledged(through: last))
        }
        rig.sending = taken
        return rig
    }

    private func event(_ seq: Int64, _ kind: TerminalEvent.Kind = .enforced) -> TerminalEvent {
        TerminalEvent(seq: seq, kind: kind, at: Timestamp(unixMilliseconds: 0), uptime_ms: 0)
    }

    /// However much older it is: its numbers are given again, and the server had more than the new ones, as many, or fewer.
    @Test(arguments: 8...14) func anOlderCopyOfTheEventsLosesNoNewOneAndIsReported(had: Int64) {
        let rig = older(SpoolImage(lastSeq: 7, events: [event(6), event(7)]), had: had)
        #expect(rig.sending?.count { $0.kind == "started" } == 1)
        #expect(rig.sending?.count { $0.kind == "tamper" && $0.what == "spool_unreadable" } == 1)
        #expect(rig.terminal.spool.events.isEmpty)
    }

    @Test func theNewestCopyIsNone() {
        let rig = older(SpoolImage(lastSeq: 7, events: [event(6), event(7)]), had: 7)
        #expect(rig.sending?.map(\.kind) == ["started"])
    }

    @Test func aSpoolWithADamagedLineGoesOnAboveAllAndIsReported() {
        var rig = locked()
        rig.spool = SpoolImage(lastSeq: 7, events: [event(5), event(7)], isDamaged: true)
        rig.restart()
        #expect(rig.spooled.map(\.kind) == ["enforced", "enforced", "tamper", "started"])
        #expect(rig.spooled[2].what == "spool_unreadable")
        #expect(rig.spooled.suffix(2).allSatisfy { $0.seq > 1_000_000_000_000 })
        // Once.
        rig.restart()
        #expect(rig.spooled.count { $0.kind == "tamper" } == 1)
    }

    /// The file of a terminal that has told everything still has an event, which is what shows that the file is an older one.
    @Test func whatTheServerHasStaysOnTheDiskUntilTheNextEvent() {
        var rig = locked()
        rig.acknowledgeAll()
        #expect(rig.terminal.spool.events.isEmpty)
        rig.receive(.shuttingDown)
        #expect(rig.spooled.map(\.kind) == ["started", "enforced"])
    }

    /// Five hundred restarts, or a shop whose network comes and goes.
    @Test(arguments: [TerminalEvent.Kind.started, .offline, .location, .gateRefused])
    func eventsOfDailyLifePushOutNoTamperingAndNoCode(_ daily: TerminalEvent.Kind) {
        var spool = Spool(SpoolImage())
        let moment = Moment(sinceBoot: .zero, wall: Timestamp(unixMilliseconds: 0))
        let kept: [TerminalEvent.Kind] = [.tamper, .codeUsed, .leaseRejected, .enforced]
        for kind in kept { spool.record(kind, at: moment) }
        for round in 0..<2000 { spool.record(daily, at: moment) { $0.operation = "\(round)" } }
        #expect(spool.events.count == Limits.spooledEvents)
        #expect(spool.events.prefix(4).map(\.kind) == kept.map(\.rawValue))
        #expect(spool.events.last?.operation == "1999")
        // They have a bound too, and the oldest goes.
        for round in 0..<2000 { spool.record(.tamper, at: moment) { $0.what = "\(round)" } }
        #expect(spool.events.count == Limits.spooledEvents)
        #expect(spool.events.first?.kind == "enforced" && spool.events.last?.what == "1999")
    }

    @Test func whatIsNotAcknowledgedIsSentAgainAfterARestart() {
        var rig = locked()
        let seqs = rig.spooled.map(\.seq)
        rig.restart()
        rig.answer(rig.lease(5, locked: true))
        #expect(Array(rig.sending!.map(\.seq).prefix(seqs.count)) == seqs)
    }

    @Test func onePoisonousEventDoesNotHoldUpTheOthers() {
        var rig = Rig()
        rig.spool = SpoolImage(
            lastSeq: 50, events: (1...50).map { TerminalEvent(seq: $0, kind: .started, at: Timestamp(unixMilliseconds: 0), uptime_ms: 0) })
        rig.start()
        rig.answer(rig.lease(5))
        var taken: [Int64] = []
        for _ in 0..<5000 {
            if let batch = rig.sending {
                if batch.contains(where: { $0.seq == 17 }) {
                    rig.sending = nil
                    rig.receive(.eventsFailed(TransferFailure(.status(422, code: "invalid_body"))))
                } else {
                    taken += batch.map(\.seq)
                    rig.acknowledge()
                }
            }
            rig.advance(.seconds(1))
            if rig.request != nil, rig.now - rig.requestSentAt > .seconds(100) { rig.answer(rig.lease(5)) }
        }
        #expect(taken == Array(1...16) + Array(18...(taken.last ?? 0)))
        #expect(rig.terminal.spool.events.isEmpty)
    }

    @Test func shuttingDownWritesWhatWasFolded() {
        var rig = locked()
        _ = rig.ask(.airtimeVend)
        rig.receive(.shuttingDown)
        #expect(rig.spooled.contains { $0.kind == "gate_refused" })
    }
}
