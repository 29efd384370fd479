@testable import AgentCore
import Testing
import Wire

struct LeaseTests {
    @Test func countsFromTheMomentOfSending() {
        var rig = Rig()
        rig.start()
        rig.advance(.seconds(10))
        rig.answer(rig.lease(5, ttl: 60))
        #expect(rig.ask(.airtimeVend).lease_ms == 50_000)
        rig.advance(.milliseconds(49_999))
        #expect(rig.ask(.airtimeVend).permitted)
        rig.advance(.milliseconds(1))
        #expect(!rig.ask(.airtimeVend).permitted)
    }

    @Test func anAnswerThatTookLongerThanItsLeasePermitsNothing() {
        var rig = Rig()
        rig.start()
        rig.advance(.seconds(70))
        rig.answer(rig.lease(5, ttl: 60))
        #expect(rig.ask(.airtimeVend).reason == "lease_expired")
    }

    @Test func isNeverLongerThanADay() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, ttl: .max))
        #expect(rig.ask(.airtimeVend).lease_ms == 86_400_000)
    }

    enum Forgery: String, CaseIterable { case nonce, imei, channel, revision }

    @Test(arguments: Forgery.allCases, [true, false])
    func isRefusedAndChangesNothing(what: Forgery, locked: Bool) {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        let (before, writes) = (rig.terminal.lock, rig.stateWrites)
        let lease =
            switch what {
            case .nonce: rig.lease(6, locked: locked, nonce: "another")
            case .imei: rig.lease(6, locked: locked, sub: otherIMEI)
            case .channel: rig.lease(6, locked: locked, chn: try! ChannelCode("KazangMobi2"))
            case .revision: rig.lease(4, locked: locked)
            }
        rig.advance(.seconds(30))
        rig.answer(lease)
        #expect(rig.terminal.lock == before)
        #expect(rig.stateWrites == writes)
        #expect(rig.ask(.airtimeVend).lease_ms == 210_000, "the running lease runs on, no longer and no shorter")
        #expect(rig.request == nil, "not heard: the next try waits")
        rig.advance(.seconds(2))
        #expect(rig.isPolling)
        #expect(rig.spooled.contains { $0.kind == "lease_rejected" && $0.why == what.rawValue })
    }

    @Test func aRefusedFirstLeaseLeavesTheTerminalWithoutOne() {
        var rig = Rig()
        rig.start()
        rig.request = nil
        rig.receive(.leaseRefused(why: "bad_signature"))
        #expect(rig.ask(.airtimeVend).reason == "no_lease")
        rig.advance(.seconds(1))
        guard case .connect = rig.request else {
            Issue.record("it must connect again")
            return
        }
    }

    @Test func aLateAnswerToAnEarlierRequestIsIgnored() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        let old = rig.lease(7)
        rig.fail()
        rig.receive(.pollAnswered(lease: old, sentAt: rig.now))
        #expect(rig.terminal.lock.highest == 5)
    }

    @Test(arguments: [(240, 110, 110), (240, 200, 110), (60, 110, 25), (10, 110, 4), (2, 1, 1), (240, 0, 1), (240, -5, 1), (0, 110, 0)])
    func theWaitLeavesRoomForTwoPollsInOneLease(ttl: Int, asked: Int, wait: Int) {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, ttl: ttl, wait: asked))
        #expect(rig.request == .poll(after: 5, nonce: rig.request!.nonce, wait: wait))
    }

    @Test func aHealthyNetworkNeverLetsItRunOut() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        for _ in 0..<100 {
            guard case .poll(_, _, let wait) = rig.request else { break }
            rig.advance(.seconds(wait) + .seconds(8))
            #expect(rig.ask(.airtimeVend).permitted)
            rig.answer(rig.lease(5))
        }
        #expect(rig.stateWrites == 1, "a renewal is not written")
        #expect(rig.spoolWrites == 2, "started, enforced")
    }
}
