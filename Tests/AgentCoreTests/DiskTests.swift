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

    /// One of two files was the older one, or lost, and the other says how far it had come.
    @Test func anUnreadableStateStillKnowsTheRevisionThatSurvived() {
        var rig = Rig()
        rig.receive(.started(Start(stored: .unreadable("it is cut short", atLeast: 7), spool: SpoolImage(), bootID: "boot")))
        guard case .connect = rig.request else {
            Issue.record("it must connect")
            return
        }
        rig.answer(rig.lease(6))
        #expect(rig.ask(.airtimeVend).reason == "state_unreadable")
        rig.advance(.seconds(2))
        #expect(rig.spooled.contains { $0.kind == "lease_rejected" && $0.why == "revision" })
        rig.answer(rig.lease(7))
        #expect(rig.ask(.airtimeVend).permitted)
        #expect(rig.state?.revision == 7)
    }

    @Test func whatElseWasFoundIsReported() {
        var rig = Rig()
        var found = rig.found
        found.tampering = ["codes_unreadable"]
        rig.receive(.started(found))
        #expect(rig.spooled.map(\.kind) == ["tamper", "started"])
        #expect(rig.spooled.first?.what == "codes_unreadable")
        rig.answer(rig.lease(5))
        #expect(rig.ask(.airtimeVend).permitted)
    }

    /// Two days of polls that bring nothing new, with a new session and a question for the position on each: one write for each answer.
    @Test func aDayAtRestCostsOneWriteForThePositionAndNoneForThePolls() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.acknowledgeAll()
        let (states, spools) = (rig.stateWrites, rig.spoolWrites)
        let end = rig.now + .seconds(2 * 86400)
        var polls = 0, connections = 0, asked = 0
        while rig.now < end {
            rig.advance(.seconds(110))
            guard rig.request != nil else { continue }
            if rig.isPolling { polls += 1 } else { connections += 1 }
            var lease = rig.lease(5)
            if polls == 300 * (asked + 1) {
                asked += 1
                lease.cmds = [TerminalCommand(id: "question-\(asked)", kind: TerminalCommand.geolocate)]
            }
            rig.answer(lease)
            if lease.cmds != nil { rig.receive(.located(Fix(lat: -26.2, lon: 28.0, accuracy: 10, at: rig.moment.wall))) }
            rig.acknowledgeAll()
            #expect(rig.ask(.airtimeVend).permitted)
        }
        #expect(polls > 1000 && connections > 0 && asked > 2)
        #expect(rig.stateWrites == states)
        #expect(rig.spoolWrites == spools + asked)
    }
}
