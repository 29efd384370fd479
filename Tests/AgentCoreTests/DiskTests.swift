@testable import AgentCore
import Testing
import Wire

struct DiskTests {
    @Test func aLockRefusesAtOnceAndIsAcknowledgedOnlyOnceStored() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.isDiskFull = true
        rig.answer(rig.lease(6, locked: true))
        #expect(rig.ask(.airtimeVend).reason == "account_locked")
        rig.advance(.seconds(1))
        guard case .poll(let after, _, _) = rig.request else {
            Issue.record("it must poll on")
            return
        }
        #expect(after == 5)
        #expect(!rig.spooled.contains { $0.kind == "enforced" && $0.revision == 6 })
        rig.isDiskFull = false
        rig.answer(rig.lease(6, locked: true))
        guard case .poll(6, _, _) = rig.request else {
            Issue.record("stored now, so acknowledged now")
            return
        }
        #expect(rig.spooled.contains { $0.kind == "enforced" && $0.revision == 6 } || rig.terminal.spool.events.contains { $0.revision == 6 })
    }

    @Test func aLockThatCouldNotBeStoredIsTriedAgainWithoutTheServer() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.isDiskFull = true
        rig.answer(rig.lease(6, locked: true))
        if rig.request != nil { rig.fail() }
        rig.isDiskFull = false
        rig.advance(.seconds(11))
        #expect(rig.state?.revision == 6)
        #expect(rig.state?.locked == true)
    }

    @Test func aFullDiskDoesNotStopATerminalThatIsUnlocked() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.isDiskFull = true
        for _ in 0..<10 {
            rig.advance(.seconds(110))
            rig.answer(rig.lease(5))
            #expect(rig.ask(.airtimeVend).permitted)
        }
        rig.answer(rig.lease(9))
        #expect(rig.ask(.airtimeVend).permitted, "unlocked on disk and unlocked now: a reboot ends the lease anyway")
    }

    @Test func afterALockThatMayBeHalfOnDiskAnUnlockWaitsForTheDisk() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.isDiskFull = true
        rig.answer(rig.lease(6, locked: true))
        rig.advance(.seconds(12))
        rig.answer(rig.lease(7))
        #expect(rig.ask(.airtimeVend).reason == "account_locked")
        rig.isDiskFull = false
        rig.advance(.seconds(12))
        #expect(rig.ask(.airtimeVend).permitted)
        #expect(rig.state?.revision == 7)
    }

    @Test func anUnreadableStateIsReportedAndHealedByTheNextLease() {
        var rig = Rig()
        rig.state = nil
        rig.start()
        #expect(rig.spooled.contains { $0.kind == "tamper" && $0.what == "state_unreadable" })
        #expect(rig.ask(.airtimeVend).reason == "state_unreadable")
        rig.isDiskFull = true
        rig.answer(rig.lease(5))
        #expect(rig.ask(.airtimeVend).reason == "state_unreadable", "not healed before it is stored")
        rig.isDiskFull = false
        rig.advance(.seconds(12))
        #expect(rig.ask(.airtimeVend).permitted)
        rig.restart()
        #expect(rig.ask(.airtimeVend).reason == "no_lease")
    }

    @Test func theStateOfAnotherTerminalIsUnreadable() {
        var rig = Rig(stored: StoredState(imei: otherIMEI, channel: channel, account: nil))
        rig.start()
        #expect(rig.ask(.airtimeVend).reason == "state_unreadable")
    }

    @Test func aLockOutlivesARestartAndALowerRevision() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, locked: true))
        rig.restart()
        #expect(rig.ask(.depositAdvance).reason == "account_locked")
        rig.answer(rig.lease(4))
        #expect(rig.ask(.depositAdvance).reason == "account_locked")
        rig.advance(.seconds(2))
        rig.answer(rig.lease(6))
        #expect(rig.ask(.depositAdvance).permitted)
    }

    @Test func aRunningLeaseEndsWithTheProcess() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.restart()
        #expect(rig.ask(.airtimeVend).reason == "no_lease")
    }
}
