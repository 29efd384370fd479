@testable import AgentCore
import Testing
import Wire

/// Another modem, another SIM.
struct IdentityTests {
    private static let what = "imei_changed: the modem says 352099001761481"

    private func tampers(_ rig: Rig) -> [String] { rig.terminal.spool.events.filter { $0.kind == "tamper" }.compactMap(\.what) }

    @Test func tellsAndConnectsAnew() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        #expect(rig.isPolling)
        rig.receive(.identityChanged(what: Self.what))
        #expect(!rig.isPolling && rig.request != nil, "the connection takes the poll's place")
        #expect(tampers(rig) == [Self.what])
        #expect(rig.ask(.airtimeVend).permitted, "the server is who locks")
        rig.answer(rig.lease(6, locked: true))
        #expect(!rig.ask(.airtimeVend).permitted && rig.isPolling)
    }

    @Test func staysWhoItWas() {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.receive(.identityChanged(what: Self.what))
        rig.answer(rig.lease(6, sub: otherIMEI))
        #expect(rig.terminal.imei == imei && rig.state?.imei == imei)
        #expect(rig.terminal.gateState(at: rig.now).imei == imei.description)
    }

    @Test func doesNotBreakInOnTheConnectionThatIsUnderWay() {
        var rig = Rig()
        rig.start()
        let request = rig.request
        rig.receive(.identityChanged(what: Self.what))
        #expect(rig.request == request && tampers(rig).count == 1)
    }

    /// A server that asks for patience is given it; then it is a connection and no poll.
    @Test func waitsAsLongAsItHadToAnyway() throws {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.fail(.status(503, code: nil), retryAfter: .seconds(20))
        let before = rig.timer
        rig.receive(.identityChanged(what: Self.what))
        #expect(rig.request == nil && rig.timer == before)
        rig.advance(.seconds(25))
        guard case .connect = try #require(rig.request) else {
            Issue.record("\(String(describing: rig.request))")
            return
        }
    }

    @Test func keepsALockThatIsBeingStored() {
        var rig = Rig()
        rig.start()
        rig.isDiskFull = true
        rig.answer(rig.lease(5, locked: true))
        rig.receive(.identityChanged(what: Self.what))
        #expect(!rig.ask(.airtimeVend).permitted)
        rig.isDiskFull = false
        rig.advance(.seconds(30))
        #expect(rig.state?.locked == true && !rig.ask(.airtimeVend).permitted)
    }

    @Test func isNothingBeforeEnrolmentAndAfterTheEnd() {
        var rig = Rig()
        rig.isEnrolled = false
        rig.start()
        rig.receive(.identityChanged(what: Self.what))
        #expect(rig.request == nil && rig.spooled.isEmpty)
        rig.isEnrolled = true
        rig.advance(.seconds(5))
        rig.receive(.shuttingDown)
        let events = rig.spooled
        rig.receive(.identityChanged(what: Self.what))
        #expect(rig.spooled == events)
    }

    @Test func boundsWhatItTells() {
        var rig = Rig()
        rig.start()
        rig.receive(.identityChanged(what: String(repeating: "x", count: 100_000)))
        #expect(tampers(rig).map(\.utf8.count) == [Limits.longestMessage])
    }
}
