@testable import AgentCore
import Testing
import Wire

struct NetworkTests {
    private func polling() -> Rig {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        return rig
    }

    @Test(arguments: UInt64(1)...50)
    func afterSilenceItTriesAgainWithinHalfASecondForTenMinutes(seed: UInt64) {
        var rig = Rig(seed: seed)
        rig.start()
        rig.silence()
        let end = rig.now + Limits.eagerFor - .seconds(3)
        while rig.now < end {
            rig.advance(Limits.eagerRetry)
            #expect(rig.request != nil)
            rig.advance(.seconds(2))
            rig.silence()
        }
    }

    @Test func afterTenMinutesOfSilenceItTriesSeldom() {
        var rig = polling()
        rig.silence()
        rig.now += Limits.eagerFor
        var tries = 0
        let end = rig.now + .seconds(3600)
        while rig.now < end {
            rig.advance(.milliseconds(100))
            guard rig.request != nil else { continue }
            tries += 1
            rig.silence()
        }
        #expect((180...720).contains(tries), "\(tries) in an hour; every 10 s would be 360")
    }

    @Test func aServerThatRefusesIsNotTriedEagerly() {
        var rig = polling()
        var tries = 0
        let end = rig.now + .seconds(600)
        while rig.now < end {
            if rig.request != nil {
                tries += 1
                rig.fail(.network("connection refused"))
            }
            rig.advance(.milliseconds(100))
        }
        #expect(tries < 120, "\(tries) in ten minutes")
    }

    @Test func aNetworkThatComesBackIsTriedAtOnce() {
        var rig = polling()
        for _ in 0..<8 {
            rig.fail()
            if case .waiting(let until, _) = rig.terminal.link { rig.advance(until - rig.now) }
        }
        rig.fail()
        rig.receive(.networkChanged(addressLost: false))
        rig.advance(Limits.settling)
        #expect(rig.isPolling)
    }

    @Test func aTryBegunBeforeTheNetworkCameBackIsBegunAnew() {
        var rig = polling()
        rig.fail()
        rig.advance(.seconds(1))
        let before = rig.request
        rig.advance(.milliseconds(300))
        rig.receive(.networkChanged(addressLost: false))
        #expect(rig.isPolling && rig.request != before)
    }

    @Test func aParkedPollIsLeftAloneUnlessAnAddressIsLost() {
        var rig = polling()
        rig.advance(.seconds(10))
        let before = rig.request
        rig.receive(.networkChanged(addressLost: false))
        #expect(rig.request == before)
        rig.receive(.networkChanged(addressLost: true))
        #expect(rig.isPolling && rig.request != before)
    }

    @Test func aPollWhoseAnswerIsOverdueIsBegunAnewWhenTheNetworkChanges() {
        var rig = polling()
        rig.advance(.seconds(110))
        let before = rig.request
        rig.receive(.networkChanged(addressLost: false))
        #expect(rig.request == before, "it may be on its way")
        rig.advance(.seconds(2))
        rig.receive(.networkChanged(addressLost: false))
        #expect(rig.isPolling && rig.request != before)
    }

    @Test(arguments: [(240, 110, 125), (60, 25, 40), (8, 3, 8), (6, 2, 6), (4, 1, 4)])
    func aPollIsGivenUpWhenItsLeaseRunsOutButNotBeforeAnAnswerCanCome(ttl: Int, wait: Int, timeout: Int) {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5, ttl: ttl, wait: wait))
        #expect(rig.pollTimeout == .seconds(timeout))
    }

    @Test func anInterfaceThatFlapsMakesNoStorm() {
        var rig = polling()
        rig.fail()
        var tries = 0
        for _ in 0..<6000 {
            rig.receive(.networkChanged(addressLost: true))
            rig.advance(.milliseconds(10))
            if rig.request != nil {
                tries += 1
                rig.fail()
            }
        }
        #expect(tries < 150, "\(tries) in a minute")
    }

    @Test func anUnenrolledTerminalDoesNotConnect() {
        var rig = Rig()
        rig.isEnrolled = false
        rig.start()
        rig.receive(.networkChanged(addressLost: true))
        #expect(rig.request == nil)
    }
}
