@testable import AgentCore
import TerminalSimulation
import Testing
import Wire

struct LinkTests {
    private func polling() -> Rig {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        return rig
    }

    @Test func findsOutThatItWasEnrolled() {
        var rig = Rig()
        rig.isEnrolled = false
        rig.start()
        rig.advance(.seconds(60))
        #expect(rig.request == nil)
        rig.isEnrolled = true
        rig.advance(Limits.enrolmentLook)
        #expect(rig.request != nil)
    }

    @Test(arguments: UInt64(1)...50)
    func theFirstRetryComesWithinASecondAndNoneLaterThanTwenty(seed: UInt64) {
        var rig = Rig(seed: seed)
        rig.start()
        rig.fail()
        rig.advance(.seconds(1))
        #expect(rig.request != nil)
        for _ in 0..<20 {
            rig.fail()
            rig.advance(.seconds(20))
            #expect(rig.request != nil)
        }
    }

    @Test func waitsOnAverageHalfOfALimitThatDoubles() {
        var generator = Seeded(7)
        for failures in 0..<8 {
            var sum = Duration.zero
            for _ in 0..<2000 {
                var backoff = Backoff()
                for _ in 0..<failures { _ = backoff.next(retryAfter: nil, using: &generator) }
                sum += backoff.next(retryAfter: nil, using: &generator)
            }
            let expected = min(20.0, Double(1 << failures)) / 2
            let seconds = Double((sum / 2000).components.attoseconds) / 1e18 + Double((sum / 2000).components.seconds)
            #expect(abs(seconds - expected) < expected * 0.1)
        }
    }

    @Test(arguments: [(0, 0, 2), (7, 7, 9), (300, 300, 302), (86_400, 300, 302), (-5, 0, 2)])
    func honoursRetryAfterWithinReason(seconds: Int, earliest: Int, latest: Int) {
        var rig = polling()
        rig.fail(.status(503, code: nil), retryAfter: .seconds(seconds))
        if earliest > 0 {
            rig.advance(.seconds(earliest) - .milliseconds(1))
            #expect(rig.request == nil)
        }
        rig.advance(.seconds(latest - earliest) + .milliseconds(1))
        #expect(rig.isPolling, "its session still holds")
    }

    @Test func connectsAgainAtOnceWhenAWorkingSessionIsRefused() {
        var rig = polling()
        rig.advance(.seconds(110))
        rig.answer(rig.lease(5))
        rig.fail(.unauthorized(clockCorrected: false))
        guard case .connect = rig.request else {
            Issue.record("it must connect at once")
            return
        }
    }

    @Test func doesNotHammerAServerThatRefusesEverySession() {
        var rig = polling()
        var connections = 0
        let end = rig.now + .seconds(600)
        while rig.now < end {
            if rig.isPolling {
                rig.fail(.unauthorized(clockCorrected: false))
            } else if rig.request != nil {
                connections += 1
                rig.answer(rig.lease(5))
            } else {
                rig.advance(.milliseconds(100))
            }
        }
        #expect(connections < 100, "\(connections) connections in ten minutes")
    }

    @Test func connectsOnceMoreAtOnceWhenTheClockWasWrong() {
        var rig = Rig()
        rig.start()
        rig.fail(.unauthorized(clockCorrected: true))
        #expect(rig.request != nil)
        rig.fail(.unauthorized(clockCorrected: true))
        #expect(rig.request == nil, "a clock that is never right is an ordinary failure")
    }

    @Test(arguments: [403, 404, 410, 500])
    func keepsTryingWhenTheConnectionIsRefused(status: Int) {
        var rig = Rig()
        rig.start()
        for _ in 0..<10 {
            rig.fail(.status(status, code: "device_unknown"))
            rig.advance(.seconds(20))
            #expect(rig.request != nil)
            #expect(!rig.ask(.airtimeVend).permitted)
        }
    }

    @Test func isNotHammeredByAnswersWithoutNews() {
        var rig = polling()
        var polls = 0
        let end = rig.now + .seconds(600)
        while rig.now < end {
            if rig.isPolling {
                polls += 1
                rig.advance(.milliseconds(20))
                rig.answer(rig.lease(5))
            } else {
                rig.advance(.milliseconds(100))
            }
        }
        #expect(polls < 80, "\(polls) polls in ten minutes")
    }

    @Test func followsABurstOfChangesAtFullSpeed() {
        var rig = polling()
        for revision in 6..<26 {
            rig.answer(rig.lease(Revision(revision), locked: revision % 2 == 0))
            #expect(rig.isPolling)
        }
    }

    @Test func aServerThatInventsChangesWithoutEndIsNotHammeredEither() {
        var rig = polling()
        var polls = 0
        let end = rig.now + .seconds(600)
        while rig.now < end {
            if rig.isPolling {
                polls += 1
                rig.answer(rig.lease(Revision(polls + 10)))
            } else {
                rig.advance(.milliseconds(100))
            }
        }
        #expect(polls < 200, "\(polls) polls in ten minutes")
    }

    @Test func anExpiredSessionIsNotTried() {
        var rig = polling()
        rig.fail()
        rig.now += .seconds(90_000)
        rig.advance(.zero)
        guard case .connect = rig.request else {
            Issue.record("the session has run out")
            return
        }
    }

    @Test func theMonitorsHearOfALeaseThatRunsOut() {
        var rig = polling()
        let before = rig.notices
        rig.advance(.seconds(239))
        #expect(rig.notices == before)
        rig.advance(.seconds(1))
        #expect(rig.notices == before + 1)
    }

    @Test func reportsASilence() {
        var rig = polling()
        rig.fail()
        for _ in 0..<10 {
            rig.advance(.seconds(20))
            rig.fail()
        }
        rig.advance(.seconds(20))
        rig.answer(rig.lease(5))
        let offline = rig.spooled.filter { $0.kind == "offline" }
        #expect(offline.count == 1)
        #expect(offline.first.map { $0.until!.unixMilliseconds - $0.from!.unixMilliseconds } == 220_000)
    }

    @Test func theLogSpeaksWhenTheStateChangesAndNotAtEachTry() {
        var rig = polling()
        let before = rig.log.count
        for _ in 0..<50 {
            rig.fail()
            rig.advance(.seconds(20))
        }
        #expect(rig.log.count == before + 1)
    }

    @Test func nothingHappensAfterTheEnd() {
        var rig = polling()
        rig.receive(.shuttingDown)
        rig.request = nil
        rig.timer = nil
        rig.receive(.timerFired)
        rig.receive(.transferFailed(TransferFailure(.network("cut"))))
        #expect(rig.request == nil)
        #expect(rig.timer == nil)
    }
}
