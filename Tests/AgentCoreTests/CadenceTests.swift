@testable import AgentCore
import Testing
import Wire

struct CadenceTests {
    /// A terminal that polls, at a server that parks polls for up to 270 s and makes leases longer for that.
    private func polling(longest: Int? = 270) -> Rig {
        var rig = Rig()
        rig.longestWait = longest
        rig.start()
        rig.answer(rig.lease(5))
        return rig
    }

    private func wait(_ rig: Rig) -> Int? { if case .poll(_, _, let wait) = rig.request { wait } else { nil } }

    /// As `LeaseIssuer.Terms.extra` has it.
    private func ttl(after asked: Int, _ rig: Rig) -> Int {
        guard let longest = rig.longestWait, asked >= 110 else { return 240 }
        return asked + max(240, min(longest, asked + asked / 2) + 20)
    }

    /// The poll under way is parked for as long as it asked.
    private func live(_ rig: inout Rig) throws {
        let asked = try #require(wait(rig))
        rig.advance(.seconds(asked))
        rig.answer(rig.lease(5, ttl: ttl(after: asked, rig)))
    }

    /// Nobody answers the poll under way; the next one is answered at once.
    private func lose(_ rig: inout Rig) throws {
        rig.advance(.seconds(try #require(wait(rig))) + Limits.pollSlack)
        rig.fail()
        rig.advance(.seconds(1))
        rig.answer(rig.lease(5))
    }

    @Test func growsWhileConnectionsLive() throws {
        var rig = polling()
        var waits: [Int] = []
        for _ in 0..<4 {
            waits.append(try #require(wait(rig)))
            try live(&rig)
        }
        #expect(waits == [110, 165, 247, 270])
    }

    @Test func staysAsTheLeaseAsksWhereTheServerDoesNotParkForLonger() throws {
        var rig = polling(longest: nil)
        for _ in 0..<4 {
            #expect(wait(rig) == 110)
            try live(&rig)
        }
    }

    @Test func theLeaseNeverRunsOutOnAQuietNetwork() throws {
        var rig = polling()
        for _ in 0..<20 {
            let asked = try #require(wait(rig))
            rig.advance(.seconds(asked))
            #expect(rig.ask(.airtimeVend).permitted)
            rig.answer(rig.lease(5, ttl: ttl(after: asked, rig)))
        }
    }

    @Test func shrinksWhenAConnectionIsLostSilently() throws {
        var rig = polling()
        try lose(&rig)
        #expect(wait(rig) == 55)
    }

    @Test func comesNoNearerToWhatWasLost() throws {
        var rig = polling()
        try lose(&rig)
        var longest = 0
        for _ in 0..<50 {
            longest = max(longest, try #require(wait(rig)))
            try live(&rig)
        }
        #expect(longest == 82, "82 + 41 is beyond the 110 s that were lost")
    }

    @Test func triesALostWaitAgainAfterHours() throws {
        var rig = polling()
        try lose(&rig)
        for _ in 0...Limits.forgivingPolls + 5 { try live(&rig) }
        #expect(wait(rig) == 270)
    }

    @Test func aLostWaitThatIsLostAgainStaysLost() throws {
        var rig = polling()
        for _ in 0..<20 { try lose(&rig) }
        #expect(wait(rig) == Limits.shortestLevel)
        try live(&rig)
        #expect(wait(rig) == Limits.shortestLevel)
    }

    @Test func aNetworkThatIsGoneSaysNothingOfConnections() throws {
        var rig = polling()
        rig.advance(.seconds(110) + Limits.pollSlack)
        rig.fail()
        while rig.now < .seconds(3000) {
            rig.advance(.seconds(20))
            rig.fail()
        }
        rig.advance(.seconds(20))
        rig.answer(rig.lease(5))
        #expect(wait(rig) == 110)
    }

    @Test func aConnectionThatIsResetWasNotLostSilently() throws {
        var rig = polling()
        rig.advance(.seconds(30))
        rig.fail()
        rig.advance(.seconds(1))
        #expect(wait(rig) == 110)
        rig.answer(rig.lease(5))
        #expect(wait(rig) == 110)
    }

    @Test func withoutARunningLeaseTheAnswerIsWantedAtOnce() {
        var rig = polling()
        rig.fail()
        rig.now += .seconds(300)
        rig.advance(.zero)
        #expect(wait(rig) == 0, "parked at a server that knows its revision, it could not trade until the wait is over")
        rig.answer(rig.lease(5))
        #expect(wait(rig) == 110)
    }

    @Test func aLeaseThatIsAboutToRunOutIsRenewedBefore() {
        var rig = polling()
        rig.fail()
        rig.now += .seconds(140)
        rig.advance(.zero)
        #expect(wait(rig) == 80, "100 s are left")
    }
}
