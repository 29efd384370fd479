@testable import AgentCore
import Testing
import Wire

/// Offline codes: what they change, how long it lasts, and that tries are slowed.
struct CodeTests {
    private func code(_ counter: Int64, _ action: OfflineCode.Action, _ hours: Int = 0) -> OfflineCode {
        OfflineCode(counter: counter, action: action, hours: hours)!
    }

    /// With a key, unlocked or locked at revision 5; the server is gone.
    private func offline(locked: Bool = false, cap: Int64? = nil) -> Rig {
        var rig = Rig()
        rig.codes = CodeMemory(imei: imei, next: 7)
        rig.start()
        rig.answer(rig.lease(5, locked: locked, cap: cap))
        rig.fail()
        rig.advance(.seconds(300))
        if rig.request != nil { rig.fail() }
        return rig
    }

    @Test(arguments: [1, 2, 72]) func extendsTheLeaseByItsHoursAndNoLonger(hours: Int) {
        var rig = offline()
        #expect(rig.ask(.airtimeVend).reason == "lease_expired")
        #expect(rig.enter(code(7, .extend, hours)).accepted)
        #expect(rig.ask(.airtimeVend).lease_ms == Int64(hours) * 3_600_000)
        rig.now += .seconds(hours * 3600) - .milliseconds(1)
        #expect(rig.ask(.airtimeVend).permitted)
        rig.now += .milliseconds(1)
        #expect(rig.ask(.airtimeVend).reason == "lease_expired")
    }

    @Test func liftsALockUntilTheServerIsHeard() {
        var rig = offline(locked: true)
        #expect(rig.enter(code(7, .unlock, 2)).accepted)
        #expect(rig.ask(.airtimeVend).permitted)
        #expect(rig.state?.locked == false)
        // The same revision, and still locked there: the server's word is above a code's.
        rig.answer(rig.lease(5, locked: true))
        #expect(rig.ask(.airtimeVend).reason == "account_locked")
        #expect(rig.state?.locked == true)
    }

    @Test func liftsALockWithoutGivingALease() {
        var rig = offline(locked: true)
        #expect(rig.enter(code(7, .unlock)).accepted)
        #expect(rig.ask(.airtimeVend).reason == "lease_expired")
    }

    /// It would be used up for nothing.
    @Test func anExtensionIsNoUseUnderALockAndStaysGood() {
        var rig = offline(locked: true)
        #expect(!rig.enter(code(7, .extend, 24)).accepted)
        #expect(rig.ask(.airtimeVend).reason == "account_locked")
        #expect(rig.enter(code(7, .unlock, 24)).accepted, "the same counter, and no wait")
        #expect(rig.ask(.airtimeVend).permitted)
    }

    @Test(arguments: [(8, 7, false), (8, 8, true), (7, 7, true), (nil, 7, true), (-1, 7, true), (Int64.max, 7, true)] as [(Int64?, Int64, Bool)])
    func aLockEndsTheCodesThatWereGivenBeforeIt(next: Int64?, counter: Int64, accepted: Bool) {
        var rig = Rig()
        rig.codes = CodeMemory(imei: imei, next: 7)
        rig.start()
        rig.answer(rig.lease(5, locked: true, nextCode: next))
        rig.fail()
        #expect(rig.enter(code(counter, .unlock, 24)).accepted == accepted)
        #expect(rig.ask(.airtimeVend).permitted == accepted)
    }

    /// What the lock has ended stays ended: it is on disk before the lock is acknowledged.
    @Test func aLockEndsThemOverARestart() {
        var rig = Rig()
        rig.codes = CodeMemory(imei: imei, next: 7)
        rig.start()
        rig.answer(rig.lease(5, locked: true, nextCode: 9))
        #expect(rig.codes?.next == 9)
        rig.restart()
        #expect(!rig.enter(code(8, .unlock, 24)).accepted)
        #expect(rig.ask(.airtimeVend).reason == "account_locked")
    }

    @Test func locksAtOnceAndOverARestart() {
        var rig = offline()
        #expect(rig.enter(code(7, .extend, 24)).accepted)
        #expect(rig.enter(code(8, .lock)).accepted)
        #expect(rig.ask(.airtimeVend).reason == "device_locked")
        rig.restart()
        #expect(rig.ask(.airtimeVend).reason == "device_locked")
        rig.answer(rig.lease(6))
        #expect(rig.ask(.airtimeVend).permitted)
    }

    /// It would be parked: the server is asked by a connection, which always answers with the lock state.
    @Test func asksTheServerAtOnceForItsWord() {
        var rig = offline(locked: true)
        #expect(rig.enter(code(7, .unlock, 1)).accepted)
        guard case .connect = rig.request else {
            Issue.record("\(String(describing: rig.request))")
            return
        }
    }

    @Test(arguments: [(5, false, true), (6, false, false), (5, true, false), (6, true, false)] as [(Revision, Bool, Bool)])
    func anExtensionOutlivesOnlyAnUnlockedLeaseOfItsRevision(revision: Revision, locked: Bool, outlives: Bool) {
        var rig = offline()
        #expect(rig.enter(code(7, .extend, 24)).accepted)
        if rig.request == nil { rig.advance(.seconds(30)) }
        rig.answer(rig.lease(revision, locked: locked, ttl: 60))
        #expect((rig.terminal.remaining(at: rig.now) > .seconds(60)) == outlives)
        rig.restart()
        if outlives { #expect(rig.ask(.airtimeVend).permitted) } else { #expect(!rig.ask(.airtimeVend).permitted) }
    }

    @Test func anExtensionEndsWithTheBootAndNotWithTheAgent() {
        var rig = offline()
        #expect(rig.enter(code(7, .extend, 24)).accepted)
        rig.restart()
        #expect(rig.ask(.airtimeVend).lease_ms == 86_400_000)
        rig.bootID = "another"
        rig.now = .seconds(1)
        rig.restart()
        #expect(rig.ask(.airtimeVend).reason == "no_lease")
    }

    @Test func anExtensionStartsTheCapAnewAndARestartGivesNothingBack() {
        var rig = offline(cap: 100)
        #expect(rig.enter(code(7, .extend, 24)).accepted)
        #expect(rig.ask(.airtimeVend, amount: 60).permitted)
        #expect(rig.ask(.airtimeVend, amount: 60).reason == "spend_cap_reached")
        rig.restart()
        #expect(rig.ask(.airtimeVend, amount: 1).reason == "spend_cap_reached")
    }

    @Test func aCapHoldsForAnExtensionAfterAReboot() {
        var rig = offline(cap: 100)
        rig.reboot("another", at: .seconds(1))
        #expect(rig.enter(code(7, .extend, 1)).accepted)
        #expect(!rig.ask(.airtimeVend, amount: 101).permitted)
        #expect(rig.ask(.airtimeVend, amount: 100).permitted)
        #expect(rig.ask(.airtimeVend, amount: 1).reason == "spend_cap_reached")
    }

    @Test func anExtensionThatALockHasEndedDoesNotComeBackWhenTheLockCannotBeStored() {
        var rig = offline()
        #expect(rig.enter(code(7, .extend, 24)).accepted)
        if rig.request == nil { rig.advance(.seconds(30)) }
        rig.isDiskFull = true
        rig.answer(rig.lease(6, locked: true))
        #expect(rig.ask(.airtimeVend).reason == "account_locked")
        rig.restart()
        #expect(rig.state?.locked == false, "the lock is not on disk")
        #expect(rig.ask(.airtimeVend).reason == "no_lease")
    }

    @Test func aFullDiskTakesNothingFromAnExtensionThatRuns() {
        var rig = offline()
        #expect(rig.enter(code(7, .extend, 24)).accepted)
        if rig.request == nil { rig.advance(.seconds(30)) }
        rig.isDiskFull = true
        // The same revision with a cap: to be stored, and it cannot be.
        rig.answer(rig.lease(5, ttl: 60, cap: 100))
        #expect(rig.terminal.remaining(at: rig.now) > .seconds(60))
        rig.restart()
        #expect(rig.ask(.airtimeVend).permitted)
    }

    @Test func worksOnceAndEndsThoseBeforeIt() {
        var rig = offline()
        #expect(rig.enter(code(9, .extend, 1)).accepted)
        for used in [9, 8, 7] as [Int64] {
            #expect(!rig.enter(code(used, .extend, 1)).accepted)
            rig.advance(.seconds(900))
        }
        rig.restart()
        rig.advance(.seconds(900))
        #expect(!rig.enter(code(9, .extend, 1)).accepted)
        rig.advance(.seconds(900))
        #expect(rig.enter(code(10, .extend, 1)).accepted)
    }

    @Test(arguments: [(6, false), (7, true), (11, true), (12, false)] as [(Int64, Bool)])
    func looksAtFiveCounters(counter: Int64, accepted: Bool) {
        var rig = offline()
        #expect(rig.enter(code(counter, .extend, 1)).accepted == accepted)
    }

    @Test func wrongTriesAreSlowedTwiceAsLongEachTimeUpToAQuarterOfAnHour() {
        var rig = offline()
        for seconds in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900] {
            #expect(rig.enter(nil).wait == .seconds(seconds))
            rig.now += .seconds(seconds) - .milliseconds(1)
            let early = rig.enter(code(7, .extend, 1))
            #expect(!early.accepted && early.wait == .milliseconds(1), "also a right one waits")
            rig.now += .milliseconds(1)
        }
        #expect(rig.enter(code(7, .extend, 1)).accepted)
        #expect(rig.enter(nil).wait == .seconds(5), "a right one begins anew")
    }

    @Test(arguments: ["boot", "another"]) func theWaitBeginsAgainAfterARestart(bootID: String) {
        var rig = offline()
        for _ in 0..<3 {
            _ = rig.enter(nil)
            rig.now += .seconds(900)
        }
        rig.bootID = bootID
        rig.restart()
        #expect(rig.enter(code(7, .extend, 1)).wait == .seconds(20))
        rig.now += .seconds(20)
        #expect(rig.enter(code(7, .extend, 1)).accepted)
    }

    @Test func nothingComesOfACodeThatCannotBeStored() {
        var rig = offline(locked: true)
        let before = rig.codes
        rig.isDiskFull = true
        #expect(!rig.enter(code(7, .unlock, 1)).accepted)
        #expect(rig.ask(.airtimeVend).reason == "account_locked")
        #expect(rig.codes == before)
        rig.isDiskFull = false
        #expect(rig.enter(code(7, .unlock, 1)).accepted, "it was not used")
        rig.isDiskFull = true
        _ = rig.enter(nil)
        #expect(!rig.enter(code(8, .unlock, 1)).accepted, "slowed in memory as well")
    }

    @Test func isReportedWithItsCounterAndAction() {
        var rig = offline(locked: true)
        #expect(rig.enter(code(9, .unlock, 3)).accepted)
        let event = rig.terminal.spool.events.first { $0.kind == "code_used" }
        #expect(event?.counter == 9 && event?.action == "unlock" && event?.hours == 3)
        #expect(rig.terminal.nextCode == 10)
    }

    @Test func aTerminalWithoutAKeyAnEnrolmentOrAStateTakesNone() {
        var rig = Rig()
        rig.start()
        #expect(!rig.enter(code(0, .lock)).accepted)
        rig = Rig()
        rig.codes = CodeMemory(imei: otherIMEI, next: 0)
        rig.start()
        #expect(rig.terminal.nextCode == nil, "the memory is another terminal's")
        rig = Rig(stored: nil)
        rig.codes = CodeMemory(imei: imei, next: 0)
        rig.start()
        #expect(!rig.enter(code(0, .unlock, 1)).accepted)
        #expect(rig.ask(.airtimeVend).reason == "state_unreadable")
    }
}
