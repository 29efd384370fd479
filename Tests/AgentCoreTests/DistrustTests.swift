@testable import AgentCore
import Testing
import Wire

/// What answers in the server's place.
struct DistrustTests {
    private func polling() -> Rig {
        var rig = Rig()
        rig.start()
        rig.answer(rig.lease(5))
        rig.acknowledgeAll()
        return rig
    }

    private func rejected(_ rig: Rig) -> [TerminalEvent] { rig.spooled.filter { $0.kind == "lease_rejected" } }

    @Test(arguments: TransferFailure.Distrust.allCases)
    func isOneEventHoweverOftenItAnswersAndReachesTheServer(_ why: TransferFailure.Distrust) {
        var rig = polling()
        for _ in 0..<500 {
            if rig.request != nil { rig.fail(.distrusted(why, "it is somebody else")) }
            rig.advance(.seconds(20))
        }
        #expect(!rig.ask(.airtimeVend).permitted)
        #expect(rejected(rig).map(\.why) == [why.rawValue])
        rig.answer(rig.lease(5))
        rig.advance(.seconds(60))
        rig.acknowledgeAll()
        rig.advance(.seconds(60))
        #expect(rejected(rig).map(\.why) == [why.rawValue])
        #expect(rejected(rig).first?.count == 500)
        #expect(rig.ask(.airtimeVend).permitted)
    }

    @Test func aLoginPageDoesNotWearOutTheFlash() {
        var rig = polling()
        let before = rig.spoolWrites
        for _ in 0..<10_000 {
            if rig.request != nil { rig.fail(.distrusted(.notVendlock, "a page")) }
            rig.advance(.seconds(20))
        }
        #expect(rig.spoolWrites == before + 1)
    }

    @Test func whatWasNotYetToldIsWrittenWhenTheAgentEnds() {
        var rig = polling()
        for _ in 0..<10 {
            rig.fail(.distrusted(.pin, "another key"))
            rig.advance(.seconds(20))
        }
        rig.receive(.shuttingDown)
        #expect(rejected(rig).map(\.count) == [10])
    }

    @Test func eachKindIsToldAndLogged() {
        var rig = polling()
        let lines = rig.log.count
        rig.fail()
        for why in TransferFailure.Distrust.allCases + TransferFailure.Distrust.allCases {
            rig.advance(.seconds(20))
            rig.fail(.distrusted(why, "it is somebody else"))
        }
        rig.advance(.seconds(100))
        #expect(rejected(rig).map(\.why) == TransferFailure.Distrust.allCases.map(\.rawValue))
        #expect(rig.log.count == lines + 1 + TransferFailure.Distrust.allCases.count)
        for why in TransferFailure.Distrust.allCases { #expect(rig.log.contains { $0.contains(why.rawValue) }) }
    }

    @Test func aSilenceIsNoDistrust() {
        var rig = polling()
        for _ in 0..<10 {
            rig.fail()
            rig.advance(.seconds(20))
        }
        rig.answer(rig.lease(5))
        rig.advance(.seconds(60))
        #expect(rejected(rig).isEmpty)
        #expect(rig.spooled.contains { $0.kind == "offline" })
    }

    @Test func comingAndGoingIsCountedOnceEachTimeAndNotWrittenEachTime() {
        var rig = polling()
        let before = rig.spoolWrites
        for _ in 0..<1000 {
            for _ in 0..<3 {
                rig.fail(.distrusted(.name, "another host"))
                while rig.request == nil { rig.advance(.milliseconds(100)) }
            }
            rig.answer(rig.lease(5))
            rig.acknowledgeAll()
            while rig.request == nil { rig.advance(.milliseconds(100)) }
        }
        let writes = rig.spoolWrites - before
        rig.advance(.seconds(60))
        #expect(writes < Int((rig.now - .seconds(1000)) / .seconds(20)), "\(writes) writes in \(rig.now)")
        rig.receive(.shuttingDown)
    }
}
